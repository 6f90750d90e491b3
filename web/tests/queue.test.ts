import { expect, test } from "vitest";
import { outcomeOf, Queue, waitMs, type Answer, type Report, type Store } from "../src/queue";

const report = (name: string): Report => ({ event_id: name, effective_at: "2026-11-25T02:00:00Z", status: "open" });
const answer = (status: number): Answer => ({ outcome: outcomeOf(status), detail: String(status), retryAfterS: 0 });

class Memory implements Store {
  kept = new Map<string, string>();
  isFull = false;
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.isFull) throw new Error("full");
    this.kept.set(key, value);
  };
}

function made(store: Memory, statuses: (number | Error)[]) {
  const seen = { sent: [] as string[], answers: [] as string[], waiting: 0, unkept: 0, later: [] as [() => void, number][] };
  const post = async (item: Report) => {
    seen.sent.push(item.event_id);
    const next = statuses.shift() ?? 200;
    if (next instanceof Error) throw next;
    return answer(next);
  };
  const told = {
    onAnswer: (item: Report, got: Answer) => void seen.answers.push(`${item.event_id} ${got.outcome}`),
    onWaiting: (reports: readonly Report[]) => void (seen.waiting = reports.length),
    onUnkept: () => void (seen.unkept += 1),
  };
  return { seen, queue: new Queue("link", store, post, told, (body, ms) => void seen.later.push([body, ms])) };
}

test("what is pressed without a network waits, and goes out once and in order when there is one", async () => {
  const store = new Memory();
  const { seen, queue } = made(store, [new Error("no network"), 200, 200]);
  await queue.add(report("a"));
  expect([seen.waiting, seen.answers, seen.later.length]).toEqual([1, [], 1]);
  await queue.add(report("b"));
  expect(seen.answers).toEqual(["a taken", "b taken"]);
  expect(seen.sent).toEqual(["a", "a", "b"]);
  expect(seen.waiting).toBe(0);
});

test("a page that is opened again sends what the one before could not", async () => {
  const store = new Memory();
  await made(store, [new Error("no network")]).queue.add(report("a"));
  const { seen, queue } = made(store, []);
  expect(seen.waiting).toBe(1);
  await queue.send();
  expect(seen.answers).toEqual(["a taken"]);
  expect(store.getItem("link")).toBe("[]");
});

test("a report that the server will never take is told and does not hold up the next", async () => {
  const { seen, queue } = made(new Memory(), [422, 200]);
  await Promise.all([queue.add(report("a")), queue.add(report("b"))]);
  expect(seen.answers).toEqual(["a refused", "b taken"]);
});

test("a link that is no good any more stops the queue and keeps it", async () => {
  const { seen, queue } = made(new Memory(), [401]);
  await queue.add(report("a"));
  expect([seen.answers, seen.waiting, seen.later.length]).toEqual([["a shut"], 1, 0]);
});

test.each([[503, "later"], [429, "later"], [500, "later"], [200, "taken"], [422, "refused"], [403, "shut"]])("%i means %s", (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome);
});

test("it waits longer after each failure, at most half a minute, and never less than the server asks", () => {
  expect([1, 2, 3, 9].map((failures) => waitMs(failures, 0))).toEqual([2000, 4000, 8000, 30000]);
  expect(waitMs(1, 60)).toBe(60000);
});

test("a phone that keeps nothing says so, and one with nonsense in its memory begins anew", async () => {
  const store = new Memory();
  store.isFull = true;
  const { seen, queue } = made(store, []);
  await queue.add(report("a"));
  expect([seen.unkept > 0, seen.answers]).toEqual([true, ["a taken"]]);
  const broken = new Memory();
  broken.kept.set("link", "{");
  expect(made(broken, []).seen.waiting).toBe(0);
});
