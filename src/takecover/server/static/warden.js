// The warden's page: what is pressed goes into a queue on this phone, and is sent once and in order.
"use strict";

(() => {
  const report = document.getElementById("report");
  const words = report.dataset;
  const key = `takecover ${words.link}`;
  const show = { said: document.getElementById("said"), waiting: document.getElementById("waiting"),
    refused: document.getElementById("refused") };
  const longestWaitMs = 30000;
  let queue = [];
  let isSending = false;
  let failures = 0;
  let timer = 0;

  function load() {
    try {
      queue = JSON.parse(localStorage.getItem(key) || "[]");
    } catch {
      queue = [];
    }
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(queue));
    } catch {
      tell(show.refused, words.storage);
    }
  }

  function tell(place, text) {
    place.textContent = text;
    place.hidden = !text;
  }

  function inWords(item) {
    return item.status ? words[item.status] : `${words.people}: ${item.people}`;
  }

  function timeOf(item) {
    return new Date(item.effective_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  function tellWaiting() {
    tell(show.waiting, queue.length ? `${words.waiting}: ${queue.map((item) => `${inWords(item)} ${timeOf(item)}`).join(", ")}` : "");
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function add(what) {
    queue.push({ event_id: newId(), effective_at: new Date().toISOString(), ...what });
    keep();
    tell(show.refused, "");
    tellWaiting();
    send();
  }

  function later(seconds) {
    clearTimeout(timer);
    failures += 1;
    const waitMs = Math.min(longestWaitMs, 1000 * 2 ** failures);
    timer = setTimeout(send, Math.max(waitMs, 1000 * seconds));
  }

  async function post(item) {
    return fetch("/api/v1/reports", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${words.token}` },
      body: JSON.stringify(item),
      signal: AbortSignal.timeout(15000),
      cache: "no-store",
    });
  }

  async function refusal(answer) {
    const problem = await answer.json().catch(() => ({}));
    return (problem.faults || [String(answer.status)]).join(" ");
  }

  // Takes the first of the queue off only once the server has it, or will never have it.
  async function send() {
    if (isSending || !queue.length) return;
    isSending = true;
    try {
      while (queue.length) {
        const item = queue[0];
        const answer = await post(item);
        if (answer.ok) {
          tell(show.said, `${words.last}: ${inWords(item)}, ${timeOf(item)}`);
        } else if (answer.status === 422) {
          tell(show.refused, `${words.refused}: ${inWords(item)}. ${await refusal(answer)}`);
        } else if (answer.status === 401 || answer.status === 403) {
          tell(show.refused, await refusal(answer));
          return;
        } else {
          later(Number(answer.headers.get("Retry-After")) || 0);
          return;
        }
        failures = 0;
        queue.shift();
        keep();
        tellWaiting();
      }
    } catch {
      later(0);
    } finally {
      isSending = false;
    }
  }

  for (const button of report.querySelectorAll("button[data-status]")) {
    button.addEventListener("click", () => {
      for (const other of report.querySelectorAll("button[data-status]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      add({ status: button.dataset.status });
    });
  }
  document.getElementById("count").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = document.getElementById("people");
    add({ people: Number.parseInt(field.value, 10) });
    field.value = "";
  });
  window.addEventListener("online", send);
  load();
  tellWaiting();
  send();
})();
