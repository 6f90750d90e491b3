import { expect, test } from "vitest";
import { Live, SILENT_MS, type Link, type Surroundings } from "../src/live";
import type { State } from "../src/state";

class Stream extends EventTarget {
  readyState = 1;
  constructor(readonly url: string) {
    super();
  }
  say(name: string, data: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
  close(): void {
    this.readyState = 2;
  }
}

class World implements Surroundings {
  streams: Stream[] = [];
  asked: string[] = [];
  timeMs = 1_000_000;
  version = 5;
  isAway = false;
  private waiting: [number, () => void][] = [];
  open = (url: string) => {
    const stream = new Stream(url);
    this.streams.push(stream);
    return stream as unknown as EventSource;
  };
  fetch = async (_url: string, etag: string) => {
    this.asked.push(etag);
    if (this.isAway) throw new Error("away");
    return new Response(JSON.stringify({ version: this.version, is_exercise: false, shelters: [] }), { headers: { ETag: `"${this.version}"` } });
  };
  now = () => this.timeMs;
  random = () => 0.5;
  later = (body: () => void, ms: number) => void this.waiting.push([this.timeMs + ms, body]);
  async turn(ms: number): Promise<void> {
    const until = this.timeMs + ms;
    for (;;) {
      await new Promise((done) => setTimeout(done));
      const due = this.waiting.filter(([at]) => at <= until).sort(([a], [b]) => a - b)[0];
      if (!due) break;
      this.waiting.splice(this.waiting.indexOf(due), 1);
      this.timeMs = due[0];
      due[1]();
    }
    this.timeMs = until;
  }
}

async function started(): Promise<{ world: World; states: State[]; links: Link[] }> {
  const world = new World();
  const states: State[] = [];
  const links: Link[] = [];
  new Live("/stream", "/state", (state) => states.push(state), (link) => links.push(link), world).start();
  await world.turn(10);
  world.streams[0]!.say("hello", { version: 5, server_time: "2026-11-25T02:00:00Z", is_exercise: false });
  return { world, states, links };
}

test("it opens the stream, fetches the state once, and takes changes from then on", async () => {
  const { world, states, links } = await started();
  world.streams[0]!.say("change", { version: 6, from_version: 5, is_exercise: false, shelters: [{ shelter_id: "A", status: "shut" }] });
  expect(states.map((each) => each.version)).toEqual([5, 6]);
  expect(world.asked).toEqual([""]);
  expect(links.at(-1)?.isLive).toBe(true);
});

test("a change that does not follow, and a reload, make it fetch the whole state", async () => {
  const { world, states } = await started();
  world.version = 9;
  world.streams[0]!.say("change", { version: 9, from_version: 8, is_exercise: false });
  await world.turn(10);
  expect(states.at(-1)?.version).toBe(9);
  world.version = 12;
  world.streams[0]!.say("reload", { version: 12, within_s: 10, is_exercise: false });
  await world.turn(4_000);
  expect(states.at(-1)?.version).toBe(9);
  await world.turn(2_000);
  expect(states.at(-1)?.version).toBe(12);
});

test("silence is noticed, its age is told, the state is asked for instead, and the stream is opened again from there", async () => {
  const { world, links } = await started();
  await world.turn(SILENT_MS + 2_000);
  expect(links.at(-1)?.isLive).toBe(false);
  await world.turn(30_000);
  expect(world.streams.length).toBeGreaterThan(1);
  expect(world.streams.at(-1)!.url).toBe("/stream?after=5");
  expect(world.asked.length).toBeGreaterThan(1);
  expect(world.asked.at(-1)).toBe('"5"');
});

test("while nothing is reached what was last heard stays as old as it is", async () => {
  const { world, links } = await started();
  const heardAtMs = links.at(-1)!.heardAtMs;
  world.isAway = true;
  world.streams[0]!.readyState = 2;
  world.streams[0]!.dispatchEvent(new Event("error"));
  await world.turn(60_000);
  expect(links.at(-1)).toEqual({ isLive: false, heardAtMs });
});
