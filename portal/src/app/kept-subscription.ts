import type { PushRenewal } from '../../../api/schemas/agents/push-subscriptions.ts';

/** What a browser needs to know of its subscription when it has lost it. */
export interface KeptSubscription {
  endpoint: string;
  auth: string;
  /** VAPID key of the service, base64url. */
  applicationServerKey: string;
}

/** A service worker has no other storage that is as simple. */
const cacheName = 'push-subscription';
const address = '/push-subscription';

/** Keeps a subscription on this device. */
export async function keepSubscription(caches: CacheStorage, kept: KeptSubscription): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.put(address, new Response(JSON.stringify(kept)));
}

/** Deletes what was kept of a subscription. */
export async function deleteKeptSubscription(caches: CacheStorage): Promise<void> {
  await caches.delete(cacheName);
}

async function readKeptSubscription(caches: CacheStorage): Promise<KeptSubscription | undefined> {
  const found = await caches.match(address, { cacheName });
  return (await found?.json()) as KeptSubscription | undefined;
}

/** The parts of a subscription as the API takes them. */
export function bodyOf(subscription: PushSubscription): PushRenewal['subscription'] {
  return subscription.toJSON() as PushRenewal['subscription'];
}

/**
 * Renews the subscription of this device if its push service has ended or replaced it: subscribes again, and tells the service
 * so. Does nothing where pushes are off.
 */
export async function renewSubscription({
  registration,
  caches,
  fetch,
}: {
  registration: ServiceWorkerRegistration;
  caches: CacheStorage;
  fetch: typeof globalThis.fetch;
}): Promise<void> {
  const kept = await readKeptSubscription(caches);
  if (!kept) return;
  const { applicationServerKey } = kept;
  const { pushManager } = registration;
  const current =
    (await pushManager.getSubscription()) ??
    (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  if (current.endpoint === kept.endpoint) return;
  const subscription = bodyOf(current);
  const before = { endpoint: kept.endpoint, auth: kept.auth };
  const response = await fetch('/v1/push-subscription-renewals', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ before, subscription }),
    credentials: 'omit',
    cache: 'no-store',
  });
  const { endpoint, keys } = subscription;
  if (response.ok) await keepSubscription(caches, { endpoint, auth: keys.auth, applicationServerKey });
  // removed in the profile from another device
  else if (response.status === 404) {
    await current.unsubscribe();
    await deleteKeptSubscription(caches);
  }
}
