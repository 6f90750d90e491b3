// The service worker of the warden's page. It keeps that page and its files, nothing else, and sends nothing of its own.

import { fateOf, wayOf } from "./keeping";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(name: "install" | "activate", body: (event: Lasting) => void): void;
  addEventListener(name: "fetch", body: (event: Fetching) => void): void;
  addEventListener(name: "message", body: (event: MessageEvent<{ keep?: string[] }> & Lasting) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;
const CACHE = "takecover-warden-1";
const PATIENCE_MS = 4_000;

async function keep(address: string | Request, answer: Response): Promise<void> {
  const cache = await caches.open(CACHE);
  const fate = fateOf(answer.status);
  if (fate === "keep") await cache.put(address, answer.clone());
  if (fate === "forget") await cache.delete(address);
}

async function fromNetwork(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await keep(request, answer);
    return answer;
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

async function fromHere(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  await keep(request, answer);
  return answer;
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => {
  const addresses = (event.data.keep ?? []).filter((each) => wayOf("GET", new URL(each), location.origin) !== "leave");
  event.waitUntil(Promise.all(addresses.map(async (each) => keep(each, await fetch(each)))));
});
worker.addEventListener("fetch", (event) => {
  const way = wayOf(event.request.method, new URL(event.request.url), location.origin);
  if (way === "kept-first") event.respondWith(fromHere(event.request));
  if (way === "network-first") event.respondWith(fromNetwork(event.request));
});
