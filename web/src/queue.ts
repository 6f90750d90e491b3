// Reports that wait for the network: each is sent once and in order, and leaves only when the server has it or never will.

export interface Report {
  event_id: string;
  effective_at: string;
  status?: string;
  people?: number;
}

export type Outcome = "taken" | "refused" | "shut" | "later";

export interface Answer {
  outcome: Outcome;
  detail: string;
  retryAfterS: number;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export interface Told {
  onAnswer(report: Report, answer: Answer): void;
  onWaiting(reports: readonly Report[]): void;
  onUnkept(): void;
}

const LONGEST_WAIT_MS = 30_000;

/** What an answer of the server means for the report that was sent. */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return "taken";
  if (status === 422) return "refused";
  if (status === 401 || status === 403) return "shut";
  return "later";
}

/** How long to wait after a number of failures [ms]. */
export function waitMs(failures: number, retryAfterS: number): number {
  return Math.max(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures), 1000 * retryAfterS);
}

/** Stores and forwards reports of one link. */
export class Queue {
  private reports: Report[] = [];
  private isSending = false;
  private failures = 0;

  constructor(
    private readonly key: string,
    private readonly store: Store,
    private readonly post: (report: Report) => Promise<Answer>,
    private readonly told: Told,
    private readonly later: (body: () => void, ms: number) => void,
  ) {
    try {
      const kept: unknown = JSON.parse(store.getItem(key) ?? "[]");
      this.reports = Array.isArray(kept) ? (kept as Report[]) : [];
    } catch {
      this.reports = [];
    }
    told.onWaiting(this.reports);
  }

  /** Take one more, and send. */
  add(report: Report): Promise<void> {
    this.reports.push(report);
    this.keep();
    return this.send();
  }

  /** Send what waits, one after the other; does nothing while that is under way. */
  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let first = this.reports[0]; first; first = this.reports[0]) {
        const answer = await this.post(first).catch((): Answer => ({ outcome: "later", detail: "", retryAfterS: 0 }));
        if (answer.outcome === "later") {
          this.failures += 1;
          this.later(() => void this.send(), waitMs(this.failures, answer.retryAfterS));
          return;
        }
        this.told.onAnswer(first, answer);
        if (answer.outcome === "shut") return;
        this.failures = 0;
        this.reports.shift();
        this.keep();
      }
    } finally {
      this.isSending = false;
    }
  }

  private keep(): void {
    try {
      this.store.setItem(this.key, JSON.stringify(this.reports));
    } catch {
      this.told.onUnkept();
    }
    this.told.onWaiting(this.reports);
  }
}
