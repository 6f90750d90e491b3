// What every live page does: it follows the stream that the body names, draws the map, turns ages, and says when it is not live.

import { language, span, turnAges } from "./age";
import { holdAll } from "./hold";
import { listenForKeys } from "./keys";
import { Live, type Link } from "./live";
import type { CityMap } from "./map";
import type { State } from "./state";

const LOST = {
  en: (age: string) => `No contact with the server. What you see was last heard ${age} ago and may be wrong by now.`,
  uk: (age: string) => `Немає зв’язку із сервером. Те, що ви бачите, отримано ${age} тому й могло змінитися.`,
} as const;

const NO_MAP = {
  en: "The map cannot be drawn in this browser. Everything else works.",
  uk: "У цьому браузері мапу показати неможливо. Усе інше працює.",
} as const;

export interface Page {
  onState?(state: State): void;
  onMap?(map: CityMap): void;
  onPick?(shelterId: string): void;
}

function showLink(link: Link): void {
  document.body.classList.toggle("is-lost", !link.isLive);
  for (const banner of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const isLost = !link.isLive && Date.now() - link.heardAtMs > 3_000;
    const text = isLost ? LOST[language()](span(Date.now() - link.heardAtMs, language())) : "";
    if (banner.textContent !== text) banner.textContent = text;
    banner.hidden = !isLost;
  }
}

function told(name: string, detail: unknown): void {
  document.body.dispatchEvent(new CustomEvent(`takecover:${name}`, { detail, bubbles: true }));
}

/** Start everything that the page asks for by its attributes. */
export function startPage(page: Page = {}): void {
  let map: CityMap | null = null;
  let latest: State | null = null;
  holdAll();
  listenForKeys();
  turnAges();
  setInterval(turnAges, 1000);
  // A part that htmx has put in has buttons and ages of its own.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    holdAll(event.target instanceof Element ? event.target : document);
    turnAges();
  });

  const stream = document.body.dataset["stream"];
  if (stream) {
    const take = (state: State) => {
      latest = state;
      map?.show(state);
      page.onState?.(state);
      told("state", state);
    };
    new Live(stream, document.body.dataset["state"] ?? "/api/v1/state", take, showLink).start();
  }

  const place = document.querySelector<HTMLElement>("[data-map]");
  if (place) {
    const pick = (shelterId: string) => {
      page.onPick?.(shelterId);
      told("pick", { shelterId });
    };
    import("./map")
      .then(({ CityMap }) => CityMap.draw(place, pick))
      .then((drawn) => {
        map = drawn;
        drawn.show(latest);
        page.onMap?.(drawn);
        document.body.addEventListener("takecover:go", (event) => drawn.goTo(String((event as CustomEvent<{ shelterId: string }>).detail.shelterId)));
      })
      .catch(() => {
        place.textContent = NO_MAP[language()];
        place.classList.add("no-map");
      });
  }
}
