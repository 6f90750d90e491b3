// The service worker that shows what is pushed to the phone. It keeps no page, answers no request and controls no page.

import { addressOf, ended, shown, toPage, type Language, type Shown, type Window } from "./notifying";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Pushed extends Lasting {
  readonly data: { text(): string } | null;
}

interface Touched extends Lasting {
  readonly notification: Notification;
}

interface Worker {
  addEventListener(name: "install" | "pushsubscriptionchange", body: (event: Lasting) => void): void;
  addEventListener(name: "push", body: (event: Pushed) => void): void;
  addEventListener(name: "notificationclick", body: (event: Touched) => void): void;
  skipWaiting(): Promise<void>;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Window[]>;
    openWindow(address: string): Promise<unknown>;
  };
}

const worker = self as unknown as Worker;

const language: Language = navigator.language.startsWith("en") ? "en" : "uk";

async function show({ title, options }: Shown): Promise<void> {
  await worker.registration.showNotification(title, options);
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("push", (event) => event.waitUntil(show(shown(event.data?.text() ?? null, Date.now(), language))));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = addressOf(event.notification.data as unknown);
  const windows = worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  event.waitUntil(windows.then((found) => toPage(found, (each) => worker.clients.openWindow(each), address)));
});
// The browser let the subscription lapse: nothing more would come, so the person is told, who can ask anew.
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(show(ended(language))));
