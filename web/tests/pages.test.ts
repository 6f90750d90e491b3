import { expect, test } from "vitest";
import { isHeld } from "../src/hold";
import { fateOf, wayOf } from "../src/keeping";
import { nextRow } from "../src/keys";

const origin = "https://raid.example";
const way = (path: string, method = "GET", from = origin) => wayOf(method, new URL(path, from), origin);

test("only a warden's page and hashed files are ever kept on a phone", () => {
  expect([way("/w/token"), way("/static/warden-1.js"), way("/w/worker.js"), way("/api/v1/state"), way("/officer"), way("/")]).toEqual([
    "network-first", "kept-first", "leave", "leave", "leave", "leave",
  ]);
  expect(way("/w/token", "POST")).toBe("leave");
  expect(way("/w/token", "GET", "https://other.example")).toBe("leave");
});

test("a link that was taken back is forgotten, and a server's fault changes nothing", () => {
  expect([200, 401, 403, 500, 503].map(fateOf)).toEqual(["keep", "forget", "forget", "leave", "leave"]);
});

test("a button counts as held only after its time", () => {
  expect([isHeld(1000, 2499, 1500), isHeld(1000, 2500, 1500)]).toEqual([false, true]);
});

test("going through rows stops at the ends", () => {
  expect([nextRow(-1, 1, 3), nextRow(-1, -1, 3), nextRow(2, 1, 3), nextRow(0, -1, 3), nextRow(0, 1, 3), nextRow(0, 1, 0)]).toEqual([0, 2, 2, 0, 1, -1]);
});
