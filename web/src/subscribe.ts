// The part of the public page on which a phone asks to be told: districts are ticked by a person, never found from a place.

import { language } from "./age";
import { forgetChoice, keepChoice, keptChoice, post, sentOf, SUBSCRIBE, UNSUBSCRIBE, type Choice } from "./choice";

const WORKER = "/push/worker.js";
const SCOPE = "/push/";
const CITY = "city";

export type State = "asking" | "off" | "on" | "lost" | "refused" | "unable" | "unheard" | "none";

/** What the page says, from what there is: a subscription, a choice that was kept, what the browser allows. */
export function stateOf(isAble: boolean, permission: NotificationPermission, isSubscribed: boolean, choice: Choice | null): State {
  if (!isAble) return "unable";
  if (permission === "denied") return "refused";
  if (isSubscribed && choice && permission === "granted") return "on";
  return choice || isSubscribed ? "lost" : "off";
}

/** The districts to ask for: the whole city stands for all of them. */
export function chosen(ticked: readonly string[]): string[] {
  return ticked.includes(CITY) ? [CITY] : [...ticked];
}

/** The server's key as the browser takes it, from base64url. */
export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

/** True where a subscription was made with this key; with another one nothing that is sent arrives. */
export function isMadeWith(given: PushSubscription, key: Uint8Array): boolean {
  const used = given.options.applicationServerKey;
  if (!used) return true;
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((each, at) => each === key[at]);
}

function isAble(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

async function subscriptionNow(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function active(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const coming = registration.active ? null : (registration.installing ?? registration.waiting);
  if (coming) {
    await new Promise<void>((done, failed) =>
      coming.addEventListener("statechange", () => {
        if (coming.state === "activated") done();
        if (coming.state === "redundant") failed(new Error("the worker did not start"));
      }),
    );
  }
  return registration;
}

async function end(given: PushSubscription): Promise<void> {
  // The server first: an endpoint that the browser forgot could be told for ever.
  const answer = await post(UNSUBSCRIBE, { endpoint: given.endpoint });
  if (!answer.ok) throw new Error(String(answer.status));
  await given.unsubscribe();
}

async function begin(choice: Choice, key: Uint8Array<ArrayBuffer>): Promise<void> {
  const registration = await active(await navigator.serviceWorker.register(WORKER, { scope: SCOPE }));
  const before = await registration.pushManager.getSubscription();
  if (before && !isMadeWith(before, key)) await end(before);
  const given = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const answer = await post(SUBSCRIBE, sentOf(given.toJSON(), choice));
  if (!answer.ok) throw new Error(String(answer.status));
  await keepChoice(choice);
}

/** Bring the part to life, where the page has one. */
export function startSubscribing(place: HTMLElement): void {
  const [fold, form] = [place.querySelector("details")!, place.querySelector("form")!];
  const said = place.querySelector<HTMLElement>("[role=status]")!;
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const [ask, stop] = [form.querySelector<HTMLButtonElement>("[name=ask]")!, form.querySelector<HTMLButtonElement>("[name=stop]")!];
  let key: Uint8Array<ArrayBuffer> | null = null;

  const ticked = () => chosen(boxes.filter((each) => each.checked).map((each) => each.value));
  const names = (areas: readonly string[]) => boxes.filter((each) => areas.includes(each.value)).map((each) => each.dataset["name"]).join(", ");

  function say(state: State, more = ""): void {
    place.dataset["state"] = state;
    said.textContent = [place.dataset[`say${state[0]!.toUpperCase()}${state.slice(1)}`] ?? "", more].filter((each) => each !== "").join(" ");
    fold.hidden = state === "unable" || state === "refused";
    stop.hidden = state !== "on" && state !== "lost";
    ask.textContent = (state === "on" ? place.dataset["change"] : place.dataset["ask"]) ?? "";
  }

  function show(choice: Choice | null): void {
    if (choice) for (const each of boxes) each.checked = choice.area_ids.includes(each.value);
    dim();
  }

  function dim(): void {
    const isAll = boxes.some((each) => each.checked && each.value === CITY);
    for (const each of boxes) each.disabled = isAll && each.value !== CITY;
    ask.disabled = ticked().length === 0;
  }

  async function look(): Promise<void> {
    if (!isAble()) return say("unable");
    const [given, choice] = [await subscriptionNow(), await keptChoice()];
    const isGood = given !== null && (key === null || isMadeWith(given, key));
    show(choice);
    const state = stateOf(true, Notification.permission, isGood, choice);
    say(state, state === "on" && choice ? `${names(choice.area_ids)}.` : "");
  }

  async function work(body: () => Promise<void>): Promise<void> {
    for (const each of [ask, stop]) each.disabled = true;
    try {
      await body();
      await look();
    } catch (error) {
      // What the browser or the way to the server refused; nothing that was chosen is lost.
      const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
      say(isRefused ? "refused" : "unheard");
    } finally {
      stop.disabled = false;
      dim();
    }
  }

  form.addEventListener("change", dim);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void work(async () => {
      // Asked at the touch itself: a browser lets no page ask out of the blue.
      if ((await Notification.requestPermission()) !== "granted") return;
      say("asking");
      key ??= await serverKey();
      await begin({ area_ids: ticked(), language: language() }, key);
    });
  });
  stop.addEventListener("click", () =>
    void work(async () => {
      const given = await subscriptionNow();
      if (given) await end(given);
      await forgetChoice();
    }),
  );
  void look().catch(() => say("unable"));
}

async function serverKey(): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch("/api/v1/push/key");
  if (!answer.ok) throw new Error(String(answer.status));
  return bytesOf(((await answer.json()) as { public_key: string }).public_key);
}
