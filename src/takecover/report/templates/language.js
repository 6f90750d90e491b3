(function () {
  var root = document.documentElement;
  var labelled = document.querySelectorAll("[data-label-en]");
  var buttons = document.querySelectorAll("[data-language]");
  function choose(language) {
    root.lang = language;
    document.title = root.getAttribute("data-title-" + language);
    labelled.forEach(function (picture) {
      picture.setAttribute("aria-label", picture.getAttribute("data-label-" + language));
    });
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
  }
  root.classList.add("scripted");
  buttons.forEach(function (button) {
    button.addEventListener("click", function () { choose(button.dataset.language); });
  });
  choose(root.lang);
})();
