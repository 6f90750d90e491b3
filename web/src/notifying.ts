// What a pushed message looks like on the phone, and where a touch on it leads. An exercise can never be taken for real.

export type Language = "en" | "uk";

export interface Shown {
  title: string;
  options: NotificationOptions & { renotify?: boolean; timestamp?: number };
}

const WORDS = {
  en: {
    exercise: "EXERCISE",
    unreal: "EXERCISE: nothing here is real.",
    cancelled: "Taken back",
    noAllClear: "The earlier message is taken back. This is not an all-clear.",
    expired: "No longer holds",
    empty: "There is news of the alert",
    open: "Open the page to see what is on.",
    ended: "Messages to this phone have stopped",
    again: "The browser ended the subscription. Open the page and subscribe again.",
  },
  uk: {
    exercise: "НАВЧАННЯ",
    unreal: "НАВЧАННЯ: усе тут несправжнє.",
    cancelled: "Скасовано",
    noAllClear: "Попереднє повідомлення скасовано. Це не відбій.",
    expired: "Уже не діє",
    empty: "Є новини про тривогу",
    open: "Відкрийте сторінку, щоб побачити, що зараз.",
    ended: "Повідомлення на цей телефон припинилися",
    again: "Браузер припинив підписку. Відкрийте сторінку й підпишіться знову.",
  },
} as const;

type Message = Readonly<Record<string, unknown>>;

function read(payload: string | null): Message {
  try {
    const found: unknown = JSON.parse(payload ?? "");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Message) : {};
  } catch {
    return {};
  }
}

function text(message: Message, name: string): string {
  const found = message[name];
  return typeof found === "string" ? found : "";
}

/**
 * The notification for a message as the server sealed it.
 *
 * What cannot be read is shown as news without words: a browser that was woken has to show something, and it may be grave.
 */
export function shown(payload: string | null, nowMs: number, spoken: Language): Shown {
  const message = read(payload);
  const said = text(message, "language");
  const language: Language = said === "en" || said === "uk" ? said : spoken;
  const words = WORDS[language];
  const isExercise = message["is_exercise"] === true;
  const isAlarm = text(message, "threat") !== "";
  const isTakenBack = text(message, "msg_type") === "Cancel" && !isAlarm;
  const endsMs = Date.parse(text(message, "expires_at"));
  const headline = text(message, "headline").replace(/^(EXERCISE|НАВЧАННЯ)\.\s*/u, "") || words.empty;
  const lines = ["description", "instruction"].map((name) => text(message, name)).filter((line) => line !== "");
  let title: string = headline;
  if (isTakenBack) title = `${words.cancelled}: ${headline}`;
  else if (endsMs <= nowMs) title = `${words.expired}: ${headline}`;
  const names = message["area_names"];
  const places = Array.isArray(names) ? names.filter((name) => typeof name === "string").join(", ") : "";
  const body = [
    ...(isExercise ? [words.unreal] : []),
    ...(places ? [places] : []),
    ...(isTakenBack ? [words.noAllClear] : lines.length > 0 ? lines : [words.open]),
  ];
  const sentMs = Date.parse(text(message, "sent_at"));
  const name = text(message, "notice_id");
  return {
    title: isExercise ? `${words.exercise} · ${title}` : title,
    options: {
      body: body.join("\n"),
      lang: language,
      tag: `${isExercise ? "exercise" : "real"}:${name || "news"}`,
      renotify: true,
      requireInteraction: isAlarm && !isExercise && text(message, "msg_type") !== "Cancel",
      data: { language },
      ...(Number.isNaN(sentMs) ? {} : { timestamp: sentMs }),
    },
  };
}

/** The notification that nothing more will come. */
export function ended(language: Language): Shown {
  const words = WORDS[language];
  return { title: words.ended, options: { body: words.again, lang: language, tag: "ended", requireInteraction: true, data: { language } } };
}

/** The address that a touch opens: the public page, in the language of the message. */
export function addressOf(data: unknown): string {
  const language = (data as { language?: unknown } | null)?.language;
  return language === "en" || language === "uk" ? `/?lang=${language}` : "/";
}

export interface Window {
  readonly url: string;
  focus(): Promise<unknown>;
}

/** Show the public page: one that is open comes to the front, else a new one is opened. */
export async function toPage(windows: readonly Window[], open: (address: string) => Promise<unknown>, address: string): Promise<void> {
  const there = windows.find((each) => new URL(each.url).pathname === "/");
  await (there ? there.focus() : open(address));
}
