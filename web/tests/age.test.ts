import { expect, test } from "vitest";
import { ago, serverNow, setServerTime, span } from "../src/age";

test.each([
  [0, "0 s"], [59_999, "59 s"], [60_000, "1 min"], [3_599_000, "59 min"], [3_600_000, "1 h"], [7_500_000, "2 h 5 min"],
  [86_400_000, "1 d"], [93_600_000, "1 d 2 h"], [-5_000, "0 s"],
])("%i ms is %s", (ms, words) => {
  expect(span(ms, "en")).toBe(words);
});

test("an age is told in the language of the page", () => {
  const now = Date.parse("2026-11-25T02:05:00Z");
  expect(ago("2026-11-25T02:00:00Z", "uk", now)).toBe("5 хв тому");
  expect(ago("2026-11-25T02:05:00Z", "en", now)).toBe("now");
});

test("ages are by the server's clock, however wrong this one is", () => {
  setServerTime("2026-11-25T02:00:00Z", Date.now());
  expect(Math.abs(serverNow() - Date.parse("2026-11-25T02:00:00Z"))).toBeLessThan(1000);
  setServerTime("no time", 0);
  expect(Math.abs(serverNow() - Date.parse("2026-11-25T02:00:00Z"))).toBeLessThan(1000);
});
