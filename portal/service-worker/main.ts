import { renewSubscription } from '../src/app/kept-subscription.ts';
import { createNotifications } from './notifications.ts';
import { createPages } from './pages.ts';
import type { WorkerScope } from './scope.ts';

/** The name of this build (portal/build/service-worker.ts). */
declare const __BUILD__: string;

const scope = globalThis as unknown as WorkerScope;
const pages = createPages(scope, __BUILD__);
const notifications = createNotifications(scope);

scope.addEventListener('install', (event) => {
  event.waitUntil(pages.install());
  // at once: it serves pages of any build alike, so nothing is gained by waiting for the last one to close
  void scope.skipWaiting();
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(pages.activate().then(() => scope.clients.claim()));
});
scope.addEventListener('fetch', (event) => pages.fetch(event));
scope.addEventListener('push', (event) => event.waitUntil(notifications.push(event)));
scope.addEventListener('notificationclick', (event) => event.waitUntil(notifications.click(event)));
scope.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewSubscription(scope)));
