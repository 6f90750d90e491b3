import { expect, test } from "vitest";
import { sentOf } from "../src/choice";
import { addressOf, ended, shown, toPage, type Window } from "../src/notifying";
import { bytesOf, chosen, isMadeWith, stateOf } from "../src/subscribe";

const NOW = Date.parse("2026-11-25T02:00:00Z");
const alarm = {
  headline: "Alarm: go to shelter now",
  description: "The city's duty officer has given the alarm for the places named.",
  instruction: "Go to the nearest shelter that is open.",
  language: "en",
  area_names: ["Podil", "Obolon"],
  threat: "drone",
  msg_type: "Alert",
  notice_id: "alarm-1",
  expires_at: null,
  sent_at: "2026-11-25T01:59:00.000Z",
  is_exercise: false,
};
const show = (changes: object) => shown(JSON.stringify({ ...alarm, ...changes }), NOW, "uk");

test("an alarm is shown with its places and words, stays until it is touched, and its end takes its place", () => {
  const found = show({});
  expect(found.title).toBe("Alarm: go to shelter now");
  expect(found.options.body).toBe("Podil, Obolon\nThe city's duty officer has given the alarm for the places named.\nGo to the nearest shelter that is open.");
  expect([found.options.requireInteraction, found.options.tag, found.options.timestamp]).toEqual([true, "real:alarm-1", NOW - 60_000]);
  const over = show({ msg_type: "Cancel", headline: "All-clear" });
  expect([over.title, over.options.tag, over.options.requireInteraction]).toEqual(["All-clear", "real:alarm-1", false]);
});

test("an exercise says so first in title and text, once, and never takes the place of something real", () => {
  const found = show({ is_exercise: true, headline: "EXERCISE. Alarm: go to shelter now" });
  expect(found.title).toBe("EXERCISE · Alarm: go to shelter now");
  expect(found.options.body?.split("\n")[0]).toBe("EXERCISE: nothing here is real.");
  expect(found.options.tag).toBe("exercise:alarm-1");
  expect(show({ is_exercise: true, language: "uk", headline: "НАВЧАННЯ. Тривога" }).title).toBe("НАВЧАННЯ · Тривога");
  expect(show({ is_exercise: true, headline: "Alarm" }).title).toBe("EXERCISE · Alarm");
});

test("a notice that was taken back is not shown as an order, and one that ran out says so", () => {
  const back = show({ threat: undefined, msg_type: "Cancel", headline: "Go to shelter now" });
  expect(back.title).toBe("Taken back: Go to shelter now");
  expect(back.options.body).toBe("Podil, Obolon\nThe earlier message is taken back. This is not an all-clear.");
  expect(show({ threat: undefined, expires_at: "2026-11-25T01:59:59Z" }).title).toBe("No longer holds: Alarm: go to shelter now");
  expect(show({ threat: undefined, expires_at: "2026-11-25T02:00:01Z" }).title).toBe("Alarm: go to shelter now");
});

test("what cannot be read is still shown, and leads to the page", () => {
  for (const payload of [null, "", "{", "[1]", "null", '"x"', "{}"]) {
    const found = shown(payload, NOW, "uk");
    expect([found.title, found.options.body]).toEqual(["Є новини про тривогу", "Відкрийте сторінку, щоб побачити, що зараз."]);
  }
  expect(ended("en").title).toBe("Messages to this phone have stopped");
});

test("a touch brings the public page to the front, or opens it, in the language of the message", async () => {
  expect([addressOf({ language: "en" }), addressOf({ language: "//evil.example" }), addressOf(null)]).toEqual(["/?lang=en", "/", "/"]);
  const seen: string[] = [];
  const at = (url: string): Window => ({ url, focus: async () => seen.push(`front ${url}`) });
  const open = async (address: string) => seen.push(`open ${address}`);
  await toPage([at("https://raid.example/officer"), at("https://raid.example/?lang=uk")], open, "/?lang=en");
  await toPage([at("https://raid.example/w/token")], open, "/?lang=en");
  expect(seen).toEqual(["front https://raid.example/?lang=uk", "open /?lang=en"]);
});

test("the page says what is so of this phone", () => {
  const choice = { area_ids: ["Z1"], language: "uk" } as const;
  expect([
    stateOf(false, "default", false, null),
    stateOf(true, "denied", true, choice),
    stateOf(true, "default", false, null),
    stateOf(true, "granted", true, choice),
    stateOf(true, "granted", false, choice),
    stateOf(true, "default", true, choice),
    stateOf(true, "granted", true, null),
  ]).toEqual(["unable", "refused", "off", "on", "lost", "lost", "lost"]);
});

test("the whole city stands for all of its districts, and nothing but the choice goes to the server", () => {
  expect([chosen(["Z1", "city"]), chosen(["Z1", "Z2"]), chosen([])]).toEqual([["city"], ["Z1", "Z2"], []]);
  const given = { endpoint: "https://push.example/1", expirationTime: null, keys: { p256dh: "P", auth: "A" } };
  expect(sentOf(given, { area_ids: ["Z1"], language: "uk" })).toEqual({
    endpoint: "https://push.example/1", p256dh: "P", auth: "A", area_ids: ["Z1"], language: "uk",
  });
});

test("a subscription that was made with another key of the server is known as such", () => {
  expect([...bytesOf("_-8B")]).toEqual([255, 239, 1]);
  const made = (key: Uint8Array | null) => ({ options: { applicationServerKey: key?.buffer ?? null } }) as unknown as PushSubscription;
  const key = bytesOf("_-8B");
  expect([isMadeWith(made(key), key), isMadeWith(made(bytesOf("_-8C")), key), isMadeWith(made(null), key)]).toEqual([true, false, true]);
});
