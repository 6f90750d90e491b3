// The warden's page: what is pressed is kept on this phone until the server has it; once loaded, the page opens without a network.

import { outcomeOf, Queue, type Answer, type Report } from "./queue";

function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as E;
}

const report = element("report");
const words = report.dataset;
const said = element("said");
const waiting = element("waiting");
const refused = element("refused");

function tell(place: HTMLElement, text: string): void {
  place.textContent = text;
  place.hidden = !text;
}

function inWords(item: Report): string {
  return item.status ? (words[item.status] ?? item.status) : `${words["people"]}: ${item.people}`;
}

function timeOf(item: Report): string {
  return new Date(item.effective_at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post(item: Report): Promise<Answer> {
  const answer = await fetch("/api/v1/reports", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang, Authorization: `Bearer ${words["token"]}` },
    body: JSON.stringify(item),
    signal: AbortSignal.timeout(15_000),
    cache: "no-store",
  });
  const outcome = outcomeOf(answer.status);
  const problem: { faults?: string[] } = outcome === "taken" || outcome === "later" ? {} : await answer.json().catch(() => ({}));
  return { outcome, detail: (problem.faults ?? [String(answer.status)]).join(" "), retryAfterS: Number(answer.headers.get("Retry-After")) || 0 };
}

const queue = new Queue(
  `takecover ${words["link"]}`,
  localStorage,
  post,
  {
    onAnswer(item, answer) {
      if (answer.outcome === "taken") tell(said, `${words["last"]}: ${inWords(item)}, ${timeOf(item)}`);
      else if (answer.outcome === "refused") tell(refused, `${words["refused"]}: ${inWords(item)}. ${answer.detail}`);
      else tell(refused, answer.detail);
    },
    onWaiting(reports) {
      tell(waiting, reports.length ? `${words["waiting"]}: ${reports.map((item) => `${inWords(item)} ${timeOf(item)}`).join(", ")}` : "");
    },
    onUnkept() {
      tell(refused, words["storage"] ?? "");
    },
  },
  (body, ms) => void setTimeout(body, ms),
);

function add(what: { status?: string; people?: number }): void {
  tell(refused, "");
  void queue.add({ event_id: newId(), effective_at: new Date().toISOString(), ...what });
}

const buttons = [...report.querySelectorAll<HTMLButtonElement>("button[data-status]")];
for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    add({ status: button.dataset["status"] ?? "" });
  });
}
element<HTMLFormElement>("count").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = element<HTMLInputElement>("people");
  add({ people: Number.parseInt(field.value, 10) });
  field.value = "";
});
window.addEventListener("online", () => void queue.send());
void queue.send();

// A browser keeps a page for later only over https, or on the machine itself.
if ("serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/w/worker.js", { scope: "/w/" }).then(async () => {
    const ready = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map((each) => each.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
    ready.active?.postMessage({ keep: [location.href, ...files] });
  }).catch(() => undefined);
}
