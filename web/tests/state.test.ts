import { expect, test } from "vitest";
import { merge, rows, type Change, type State } from "../src/state";

const state: State = {
  version: 10,
  is_exercise: true,
  city: "toy",
  areas: [{ area_id: "city", word: "on" }],
  shelters: [{ shelter_id: "A", status: "open" }, { shelter_id: "B", status: "full" }],
  journal: { is_reached: true },
};
const change = (more: Partial<Change>): Change => ({ version: 11, from_version: 10, is_exercise: true, areas: [], shelters: [], sources: [], journal: null, ...more });

test("a change takes the place of the rows that it names and leaves the others", () => {
  const merged = merge(state, change({ shelters: [{ shelter_id: "B", status: "shut" }, { shelter_id: "C", status: "open" }] }));
  expect(merged?.version).toBe(11);
  expect(rows(merged!, "shelters").map((row) => [row["shelter_id"], row["status"]])).toEqual([["A", "open"], ["B", "shut"], ["C", "open"]]);
  expect(rows(merged!, "areas")).toEqual([{ area_id: "city", word: "on" }]);
  expect(merged!["city"]).toBe("toy");
});

test("a change without a word on the journal leaves what was known of it", () => {
  expect(merge(state, change({}))?.["journal"]).toEqual({ is_reached: true });
  expect(merge(state, change({ journal: { is_reached: false } }))?.["journal"]).toEqual({ is_reached: false });
});

test("a change that begins after what is there is not taken, and one that is there already changes nothing", () => {
  expect(merge(state, change({ from_version: 11, version: 12 }))).toBeNull();
  expect(merge(state, change({ from_version: 9, version: 10 }))).toBe(state);
});

test("taking a change twice is taking it once", () => {
  const news = change({ shelters: [{ shelter_id: "A", status: "shut" }] });
  const once = merge(state, news)!;
  expect(merge(once, news)).toBe(once);
});

test("a group that is not there has no rows", () => {
  expect(rows(state, "notices")).toEqual([]);
});
