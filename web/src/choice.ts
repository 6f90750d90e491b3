// What this phone chose to be told of, kept on it alone, and how the server is told.

export interface Choice {
  readonly area_ids: readonly string[];
  readonly language: "en" | "uk";
}

const PLACE = "takecover-push-1";
const NAME = "/push/choice";

export async function keepChoice(choice: Choice): Promise<void> {
  await (await caches.open(PLACE)).put(NAME, new Response(JSON.stringify(choice)));
}

export async function keptChoice(): Promise<Choice | null> {
  const found = await (await caches.open(PLACE)).match(NAME);
  return found ? ((await found.json()) as Choice) : null;
}

export async function forgetChoice(): Promise<void> {
  await caches.delete(PLACE);
}

/** A subscription as the server takes it. */
export function sentOf(given: PushSubscriptionJSON, choice: Choice): Record<string, unknown> {
  return { endpoint: given.endpoint, p256dh: given.keys?.["p256dh"] ?? "", auth: given.keys?.["auth"] ?? "", area_ids: choice.area_ids, language: choice.language };
}

export async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export const SUBSCRIBE = "/api/v1/push/subscriptions";
export const UNSUBSCRIBE = "/api/v1/push/unsubscribe";
