import type { Calls } from '../api/calls.ts';
import { bodyOf, deleteKeptSubscription, keepSubscription, renewSubscription } from './kept-subscription.ts';
import { type NotificationData, offerOf } from './notification-data.ts';

/** Whether this browser can show pushes. `blocked`: its owner has said no, and only they can change that, in its settings. */
export type PushSupport = 'possible' | 'blocked' | 'impossible';

/** This device's notifications and icon. Without a service worker, as when run from the sources, it does nothing. */
export interface Device {
  support: () => PushSupport;
  /** SHA-256 of the endpoint of this device's subscription, in hex; undefined: it has none. */
  endpointSha256: () => Promise<string | undefined>;
  /**
   * Asks for the permission and subscribes this device. Only upon a tap.
   * @returns false: its owner does not want it
   */
  turnOn: (calls: PushCalls, accountId: string) => Promise<boolean>;
  /** Subscribes this device again for the account that has turned pushes on here and logged out. */
  resume: (calls: PushCalls, accountId: string) => Promise<void>;
  /** Takes over a subscription that the push service has replaced. */
  renew: () => Promise<void>;
  /** Ends the subscription of this device and takes away what it shows, before a log-out. */
  leave: (calls: PushCalls) => Promise<void>;
  /**
   * Shows on the icon how many offers are open, and takes away notifications of others.
   * @param askedAt by the service's clock, before the offers were read: what was sent later may be about a newer one
   */
  showOffers: (openOffers: readonly string[], askedAt: Date) => Promise<void>;
  /** Takes away the notification of an offer that was answered here. */
  closeNotification: (offerId: string) => Promise<void>;
}

type PushCalls = Pick<Calls, 'pushDevices' | 'subscribeToPushes' | 'unsubscribeFromPushes'>;

export interface DeviceOptions {
  /** The browser's objects; undefined where it has none. */
  serviceWorker: ServiceWorkerContainer | undefined;
  notification: typeof Notification | undefined;
  caches: CacheStorage | undefined;
  setAppBadge: ((count: number) => Promise<void>) | undefined;
  fetch: typeof fetch;
  storage: () => Pick<Storage, 'getItem' | 'setItem'>;
}

/** Milliseconds by which the page's idea of the service's clock can be wrong (portal/src/api/client.ts), and more. */
const clockMarginMs = 5_000;
/** Which account has turned pushes on here: its id, which says nothing about a person. */
const storageKey = 'pushes-of';

export function createDevice(options: DeviceOptions): Device {
  const { serviceWorker, notification, caches, setAppBadge, fetch, storage } = options;
  const canPush = 'PushManager' in globalThis && serviceWorker !== undefined && notification !== undefined;

  const registration = async () => serviceWorker?.getRegistration();
  const subscriptionOf = async () => (canPush ? (await registration())?.pushManager.getSubscription() : null);

  const shown = async () => (await (await registration())?.getNotifications()) ?? [];
  /** Takes away notifications that ask about certain offers. */
  const close = async (isOver: (offerId: string, data: NotificationData) => boolean) => {
    for (const one of await shown()) {
      const data = one.data as NotificationData;
      const offer = offerOf(data);
      if (offer !== undefined && isOver(offer, data)) one.close();
    }
  };

  const subscribe = async (calls: PushCalls, accountId: string) => {
    if (!serviceWorker || !caches) return;
    const { pushManager } = await serviceWorker.ready;
    const { applicationServerKey } = await calls.pushDevices();
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    const body = bodyOf(subscription);
    await calls.subscribeToPushes(body);
    await keepSubscription(caches, { endpoint: body.endpoint, auth: body.keys.auth, applicationServerKey });
    try {
      storage().setItem(storageKey, accountId);
    } catch {
      // the browser forbids storage: after a log-out pushes have to be turned on again
    }
  };

  return {
    support() {
      if (!canPush) return 'impossible';
      return notification?.permission === 'denied' ? 'blocked' : 'possible';
    },
    async endpointSha256() {
      const subscription = await subscriptionOf();
      return subscription ? sha256(subscription.endpoint) : undefined;
    },
    async turnOn(calls, accountId) {
      // first of all: a tap counts for a moment only
      if ((await notification?.requestPermission()) !== 'granted') return false;
      await subscribe(calls, accountId);
      return true;
    },
    async resume(calls, accountId) {
      if (!canPush || notification?.permission !== 'granted') return;
      const wanted = readOrUndefined(() => storage().getItem(storageKey));
      if (wanted === accountId && !(await subscriptionOf())) await subscribe(calls, accountId);
    },
    async renew() {
      const active = await registration();
      if (canPush && caches && active && notification?.permission === 'granted')
        await renewSubscription({ registration: active, caches, fetch });
    },
    async leave(calls) {
      const subscription = await subscriptionOf();
      if (subscription) {
        // the push service then tells ours that it is gone
        await calls.unsubscribeFromPushes({ endpoint: subscription.endpoint }).catch(() => undefined);
        await subscription.unsubscribe();
      }
      if (caches) await deleteKeptSubscription(caches);
      for (const one of await shown()) one.close();
      await setAppBadge?.(0);
    },
    async showOffers(openOffers, askedAt) {
      await setAppBadge?.(openOffers.length).catch(() => undefined);
      const until = new Date(askedAt.getTime() - clockMarginMs).toISOString();
      await close((offer, { sentAt }) => !openOffers.includes(offer) && sentAt < until);
    },
    closeNotification: (offerId) => close((offer) => offer === offerId),
  };
}

function readOrUndefined<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
