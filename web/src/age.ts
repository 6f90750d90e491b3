// Ages in words, by the server's clock: a phone whose clock is wrong still shows them right.

const WORDS = {
  en: { s: "s", min: "min", h: "h", d: "d", ago: (span: string) => `${span} ago`, now: "now" },
  uk: { s: "с", min: "хв", h: "год", d: "дн", ago: (span: string) => `${span} тому`, now: "щойно" },
} as const;

export type Language = keyof typeof WORDS;

let offsetMs = 0;

/** The language of the page. */
export function language(): Language {
  return document.documentElement.lang.startsWith("en") ? "en" : "uk";
}

/** Learn how far this device's clock is from the server's. */
export function setServerTime(serverTime: string, receivedMs = Date.now()): void {
  const at = Date.parse(serverTime);
  if (!Number.isNaN(at)) offsetMs = at - receivedMs;
}

/** The server's time now [ms since 1970]. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** A span in at most two units, rounded down: an age is never shown older than it is by more than its last unit. */
export function span(ms: number, lang: Language): string {
  const words = WORDS[lang];
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} ${words.s}`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} ${words.min}`;
  const h = Math.floor(min / 60);
  if (h < 24) return min % 60 ? `${h} ${words.h} ${min % 60} ${words.min}` : `${h} ${words.h}`;
  const d = Math.floor(h / 24);
  return h % 24 ? `${d} ${words.d} ${h % 24} ${words.h}` : `${d} ${words.d}`;
}

/** How long ago a time was. */
export function ago(at: string, lang: Language, nowMs = serverNow()): string {
  const ms = nowMs - Date.parse(at);
  return ms < 1000 ? WORDS[lang].now : WORDS[lang].ago(span(ms, lang));
}

/** Let every `<time data-age datetime=...>` of the page show its age, and turn with the clock. */
export function turnAges(root: ParentNode = document): void {
  const lang = language();
  for (const each of root.querySelectorAll<HTMLTimeElement>("time[data-age]")) {
    const text = ago(each.dateTime, lang);
    if (each.textContent !== text) each.textContent = text;
  }
}
