// The public page: what is on now, district by district, and what is known of shelters, with the age of everything.

import { ago, language } from "./age";
import { startPage } from "./page";
import { rows, type Row, type State } from "./state";
import { startSubscribing } from "./subscribe";
import type { CityMap } from "./map";

const ORDER = ["shut", "full", "filling", "open", "unknown"];
const MOST_ROWS = 60;
const words = document.getElementById("words")?.dataset ?? {};
let map: CityMap | null = null;
let latest: State | null = null;

function word(name: string): string {
  return words[name] ?? name;
}

function made(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function aged(at: string): HTMLTimeElement {
  const time = document.createElement("time");
  time.dateTime = at;
  time.dataset["age"] = "";
  time.textContent = ago(at, language());
  return time;
}

function newest(area: Row): string | null {
  const alerts = Array.isArray(area["alerts"]) ? (area["alerts"] as Row[]) : [];
  const times = alerts.filter((each) => each["is_on"]).map((each) => String(each["as_of"]));
  return times.sort().at(-1) ?? null;
}

function showAreas(state: State): void {
  for (const area of rows(state, "areas")) {
    const id = String(area["area_id"]);
    const place = document.querySelector<HTMLElement>(`[data-area="${CSS.escape(id)}"]`);
    if (!place) continue;
    const heard = rows(state, "sources").map((each) => String(each["heard_at"])).sort().at(-1);
    const at = area["word"] === "on" ? newest(area) : heard;
    place.className = `area ${String(area["word"])}`;
    const said = place.querySelector(".word");
    if (said) said.textContent = word(`${id === "city" ? "city_" : ""}${String(area["word"])}`);
    place.querySelector(".age")?.replaceChildren(...(at ? [aged(at)] : []));
  }
}

function nameOf(shelterId: string): string {
  return map?.names.get(shelterId) || shelterId;
}

function row(shelter: Row): HTMLElement {
  const id = String(shelter["shelter_id"]);
  const status = String(shelter["status"]);
  const item = made("li", `shelter ${status} ${String(shelter["freshness"])}`);
  item.dataset["shelter"] = id;
  const button = made("button", "name", nameOf(id)) as HTMLButtonElement;
  button.type = "button";
  button.addEventListener("click", () => map?.goTo(id));
  const age = made("span", "age");
  if (shelter["freshness"] === "old") age.append(`${word("old")}, `);
  age.append(aged(String(shelter["as_of"])));
  item.append(made("span", `band ${status}`, word(status)), button, age);
  return item;
}

function showShelters(state: State): void {
  const list = document.getElementById("shelters");
  if (!list) return;
  const known = rows(state, "shelters").sort((a, b) => ORDER.indexOf(String(a["status"])) - ORDER.indexOf(String(b["status"])) || nameOf(String(a["shelter_id"])).localeCompare(nameOf(String(b["shelter_id"])), language()));
  const focused = document.activeElement?.closest<HTMLElement>("[data-shelter]")?.dataset["shelter"];
  list.replaceChildren(...known.slice(0, MOST_ROWS).map(row));
  if (focused) list.querySelector<HTMLElement>(`[data-shelter="${CSS.escape(focused)}"] button`)?.focus();
  const none = document.getElementById("none-known");
  if (none) none.hidden = known.length > 0;
  const more = document.getElementById("more");
  if (more) more.hidden = known.length <= MOST_ROWS;
  for (const count of document.querySelectorAll<HTMLElement>("[data-count]")) {
    count.textContent = String(known.filter((each) => each["status"] === count.dataset["count"]).length);
  }
}

function spoken(notice: Row, name: string): string {
  const words = notice[name] as Row | undefined;
  return String(words?.[language()] ?? "");
}

function showNotices(state: State): void {
  const list = document.getElementById("notices");
  if (!list) return;
  const found = rows(state, "notices").sort((a, b) => String(b["sent_at"]).localeCompare(String(a["sent_at"])));
  list.replaceChildren(
    ...found.map((notice) => {
      const status = String(notice["status"]);
      const item = made("li", `notice ${status}`);
      const age = made("span", "age");
      if (status !== "public") age.append(`${word(status)}, `);
      age.append(aged(String(notice["sent_at"])));
      item.append(made("b", "headline", spoken(notice, "headline")), " ", age);
      for (const name of ["description", "instruction"]) item.append(made("p", name, spoken(notice, name)));
      return item;
    }),
  );
}

function show(state: State): void {
  latest = state;
  const journal = state["journal"] as Row | null;
  const away = document.getElementById("journal-away");
  if (away) away.hidden = journal?.["is_reached"] !== false;
  showAreas(state);
  showShelters(state);
  showNotices(state);
}

const push = document.getElementById("push");
if (push) startSubscribing(push);

startPage({
  onState: show,
  onMap(drawn) {
    map = drawn;
    if (latest) showShelters(latest);
  },
  onPick(shelterId) {
    const picked = document.getElementById("picked");
    if (!picked) return;
    const known = latest && rows(latest, "shelters").find((each) => each["shelter_id"] === shelterId);
    const status = String(known?.["status"] ?? "unknown");
    picked.replaceChildren(made("span", `band ${status}`, word(status)), made("b", "name", nameOf(shelterId)));
    if (known) picked.append(aged(String(known["as_of"])));
    picked.hidden = false;
  },
});
