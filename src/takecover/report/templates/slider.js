(function () {
  var part = document.getElementById("overtime");
  if (!part) { return; }
  function numbers(text) { return text.split(" ").map(Number); }
  var times = numbers(part.dataset.times);
  var pictures = numbers(part.dataset.pictures);
  var slider = part.querySelector("input[type=range]");
  var choices = part.querySelectorAll("input[name=crowd]");
  var clocks = part.querySelectorAll("[data-clock]");
  var table = part.querySelector("table[data-crowd]");
  var spots = part.querySelectorAll("circle[data-plan]");
  var cells = Array.prototype.map.call(part.querySelectorAll("[data-values]"), function (cell) {
    return { values: numbers(cell.dataset.values), en: cell.querySelector("[lang=en]"), uk: cell.querySelector("[lang=uk]") };
  });
  var shown = "";
  function grouped(count, mark) { return String(count).replace(/\B(?=(\d{3})+$)/g, mark); }
  function clock(seconds) {
    var whole = Math.round(seconds), rest = whole % 60;
    return Math.floor(whole / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  function show() {
    var at = Number(slider.value);
    var crowd = part.querySelector("input[name=crowd]:checked").value;
    var text = clock(times[at]);
    slider.setAttribute("aria-valuetext", text);
    clocks.forEach(function (place) { place.textContent = text; });
    table.dataset.crowd = crowd;
    cells.forEach(function (cell) {
      cell.en.textContent = grouped(cell.values[at], ",");
      cell.uk.textContent = grouped(cell.values[at], "\u202f");
    });
    if (shown === crowd + pictures[at]) { return; }
    shown = crowd + pictures[at];
    spots.forEach(function (spot) {
      spot.setAttribute("class", "spot fill-" + spot.dataset[crowd].charAt(pictures[at]));
    });
  }
  slider.addEventListener("input", show);
  choices.forEach(function (choice) { choice.addEventListener("change", show); });
  show();
})();
