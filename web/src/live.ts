// Follows the server: the stream of changes while it runs, the whole state when it does not, and the age of both.

import { merge, type Change, type State } from "./state";
import { setServerTime } from "./age";

export const SILENT_MS = 25_000; // The server says something at least every 15 s.
const POLL_MS = 10_000;
const LONGEST_WAIT_MS = 30_000;

export interface Link {
  isLive: boolean;
  heardAtMs: number;
}

export interface Surroundings {
  open(url: string): EventSource;
  fetch(url: string, etag: string): Promise<Response>;
  now(): number;
  random(): number;
  later(body: () => void, ms: number): void;
}

const BROWSER: Surroundings = {
  open: (url) => new EventSource(url),
  fetch: (url, etag) => fetch(url, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: AbortSignal.timeout(15_000) }),
  now: () => Date.now(),
  random: () => Math.random(),
  later: (body, ms) => void setTimeout(body, ms),
};

/** Keeps a state by its stream; tells of each new one, and of whether it is live. */
export class Live {
  state: State | null = null;
  private etag = "";
  private heardAtMs: number;
  private isLive = false;
  private isFetching = false;
  private failures = 0;
  private source: EventSource | null = null;

  constructor(
    private readonly streamUrl: string,
    private readonly stateUrl: string,
    private readonly onState: (state: State) => void,
    private readonly onLink: (link: Link) => void,
    private readonly around: Surroundings = BROWSER,
  ) {
    this.heardAtMs = around.now();
  }

  /** Open the stream first, then fetch the state: what comes twice is the same. */
  start(): void {
    this.connect();
    void this.fetchState();
    this.around.later(() => this.watch(), 1000);
  }

  private connect(): void {
    this.source?.close();
    const after = this.state ? `?after=${this.state.version}` : "";
    const source = this.around.open(this.streamUrl + after);
    this.source = source;
    const on = (name: string, take: (data: State & { server_time?: string; within_s?: number }) => void) =>
      source.addEventListener(name, (event) => {
        if (source !== this.source) return;
        const data = JSON.parse((event as MessageEvent<string>).data) as State & { server_time?: string; within_s?: number };
        this.heard(data.server_time);
        take(data);
      });
    on("hello", () => undefined);
    on("ping", (data) => {
      if (this.state && data.version > this.state.version) void this.fetchState();
    });
    on("change", (data) => this.take(data as Change));
    on("reload", (data) => this.around.later(() => void this.fetchState(), (data.within_s ?? 0) * 1000 * this.around.random()));
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.tell(false);
      if (source.readyState === 2) this.again();
    });
  }

  private again(): void {
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures) * (0.5 + this.around.random() / 2);
    this.around.later(() => this.connect(), wait);
  }

  private take(change: Change): void {
    const merged = this.state && merge(this.state, change);
    if (merged) this.set(merged);
    else void this.fetchState();
  }

  private async fetchState(): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    try {
      const answer = await this.around.fetch(this.stateUrl, this.etag);
      if (answer.ok) {
        const found = (await answer.json()) as State;
        this.etag = answer.headers.get("ETag") ?? "";
        if (!this.state || found.version >= this.state.version) this.set(found);
      }
      if (answer.ok || answer.status === 304) this.heardAtMs = this.around.now();
    } catch {
      // Not reached: the watch tells how old everything is, and asks again.
    } finally {
      this.isFetching = false;
    }
  }

  private set(state: State): void {
    if (this.state?.version === state.version) return;
    this.state = state;
    this.onState(state);
  }

  private heard(serverTime?: string): void {
    this.heardAtMs = this.around.now();
    this.failures = 0;
    if (serverTime) setServerTime(serverTime, this.heardAtMs);
    this.tell(true);
  }

  private tell(isLive: boolean): void {
    this.isLive = isLive;
    this.onLink({ isLive, heardAtMs: this.heardAtMs });
  }

  private polledAtMs = 0;

  private watch(): void {
    const now = this.around.now();
    if (this.isLive && now - this.heardAtMs > SILENT_MS) {
      this.tell(false);
      this.again();
    }
    if (!this.isLive) {
      if (now - this.polledAtMs > POLL_MS * (0.8 + 0.4 * this.around.random())) {
        this.polledAtMs = now;
        void this.fetchState();
      }
      this.onLink({ isLive: false, heardAtMs: this.heardAtMs });
    }
    this.around.later(() => this.watch(), 1000);
  }
}
