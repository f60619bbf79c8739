import type { CDPSession, Page, Worker } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';

/** The service worker of a page's portal, as the browser's debugging protocol reaches it. */
export interface AppOnDevice {
  /** Delivers a push, as the push service does after the browser has decrypted it. */
  push: (payload: string) => Promise<void>;
  /** The notifications that are shown. */
  shown: () => Promise<ShownNotification[]>;
  /** Taps an action of the notification with this title, or the notification itself. @returns the path that it opens */
  tap: (title: string, action?: string) => Promise<string>;
  /** Number on the icon; undefined: none was ever set. */
  badge: () => Promise<number | undefined>;
  /** Replaces the subscription of this device by another one, as a push service may at any time, and waits for the worker. */
  replaceSubscription: (next: PushSubscriptionJSON) => Promise<void>;
}

export interface ShownNotification {
  title: string;
  body: string;
  silent: boolean;
  actions: string[];
}

/** A notification as the worker asks for it. */
interface Wanted {
  body: string;
  tag?: string;
  data: unknown;
  silent: boolean;
  vibrate?: readonly number[];
  renotify?: boolean;
  actions?: { action: string; title: string }[];
}

/** What the tests use of the worker's global scope. */
interface WorkerGlobal {
  registration: { showNotification: unknown; getNotifications: unknown };
  navigator: { setAppBadge: unknown };
  clients: { openWindow: unknown };
  center: {
    notifications: (Wanted & { title: string; close: () => void })[];
    badge?: number;
    opened?: string;
  };
}

/** What a page does to the device: sets the number on the icon, closes a notification, or reads what is shown. */
interface PageAct {
  badge?: number;
  close?: string;
}

/** Makes the pages of a browser those of the installed app: with Safari's property, since no protocol sets the media feature. */
export async function emulateApp(page: Page): Promise<void> {
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'standalone', { get: () => true }),
  );
}

/**
 * Waits until the portal's service worker is in charge of a page, and stands for the device around it, which the pages that are
 * opened next in the same tab see too.
 */
export async function followApp(page: Page): Promise<AppOnDevice> {
  const { origin } = new URL(page.url());
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const worker = await workerOf(page);
  const browser = await page.context().newCDPSession(page);
  const registrationId = await registrationOf(browser);
  await worker.evaluate(installNotificationCenter);
  await page.exposeFunction('actOnDevice', (act: PageAct) => worker.evaluate(actOnDevice, act));
  await page.addInitScript(showDeviceToPage);
  const shown = () => worker.evaluate(listNotifications);
  return {
    push: async (data) => {
      await browser.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
    },
    shown,
    tap: async (title, action = '') => {
      await eventually(async () => {
        if (!(await shown()).some((one) => one.title === title)) throw new Error(`${title} is not shown`);
      });
      return worker.evaluate(pressNotification, { title, action });
    },
    badge: () => worker.evaluate(() => (globalThis as unknown as WorkerGlobal).center.badge),
    replaceSubscription: (next) => worker.evaluate(replaceSubscription, next),
  };
}

/**
 * Runs in the worker: a browser without a screen has no notifications, whatever it is allowed, and no icon. It refuses what the
 * standard refuses (WHATWG, Notifications API, "create a notification"), and replaces by tag as it says.
 */
function installNotificationCenter(): void {
  const scope = globalThis as unknown as WorkerGlobal;
  const center: WorkerGlobal['center'] = { notifications: [] };
  scope.center = center;
  scope.registration.showNotification = async (title: string, wanted: Wanted) => {
    if (wanted.silent && wanted.vibrate) throw new TypeError('a silent notification must not vibrate');
    if (wanted.renotify && !wanted.tag) throw new TypeError('only one with a tag can be told of again');
    const close = () => {
      center.notifications = center.notifications.filter((one) => one !== added);
    };
    const added = { ...wanted, data: structuredClone(wanted.data), title, close };
    const others = center.notifications.filter(({ tag }) => !tag || tag !== wanted.tag);
    center.notifications = [...others, added];
  };
  scope.registration.getNotifications = async () => center.notifications;
  scope.navigator.setAppBadge = async (count: number) => {
    center.badge = count;
  };
  scope.clients.openWindow = async (url: string) => {
    center.opened = url;
    return null;
  };
}

/** Runs in the worker. Notifications are known by when they were shown: each has other data. @returns the data of those shown */
function actOnDevice({ badge, close }: PageAct): unknown[] {
  const { center } = globalThis as unknown as WorkerGlobal;
  if (badge !== undefined) center.badge = badge;
  center.notifications.find(({ data }) => JSON.stringify(data) === close)?.close();
  return center.notifications.map(({ data }) => data);
}

/** Runs in each page: what a browser with a screen has there. */
function showDeviceToPage(): void {
  const { actOnDevice: act } = window as unknown as { actOnDevice: (act: PageAct) => Promise<unknown[]> };
  ServiceWorkerRegistration.prototype.getNotifications = async () =>
    (await act({})).map(
      (data) => ({ data, close: () => void act({ close: JSON.stringify(data) }) }) as unknown as Notification,
    );
  Object.defineProperty(Navigator.prototype, 'setAppBadge', { value: (badge: number) => act({ badge }) });
}

/** Runs in the worker: raises the event of a subscription that is no more, and waits for its work. */
async function replaceSubscription(next: PushSubscriptionJSON): Promise<void> {
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () =>
    ({ endpoint: next.endpoint, toJSON: () => next }) as PushSubscription;
  const works: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void works.push(work);
  globalThis.dispatchEvent(Object.assign(new Event('pushsubscriptionchange'), { waitUntil }));
  await Promise.all(works);
}

async function workerOf(page: Page): Promise<Worker> {
  const [running] = page.context().serviceWorkers();
  return running ?? page.context().waitForEvent('serviceworker');
}

/** The debugging protocol says which registrations there are once it is asked to watch them. */
async function registrationOf(browser: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) => {
    browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations;
      if (registration) resolve(registration.registrationId);
    });
  });
  await browser.send('ServiceWorker.enable');
  return found;
}

function listNotifications(): ShownNotification[] {
  const { center } = globalThis as unknown as WorkerGlobal;
  return center.notifications.map(({ title, body, silent, actions = [] }) => ({
    title,
    body,
    silent,
    actions: actions.map((one) => one.title),
  }));
}

/** Runs in the worker: raises the event that the browser raises upon a tap, and waits for its work. */
async function pressNotification({ title, action }: { title: string; action: string }): Promise<string> {
  const { center } = globalThis as unknown as WorkerGlobal;
  const notification = center.notifications.find((one) => one.title === title);
  const works: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void works.push(work);
  globalThis.dispatchEvent(
    Object.assign(new Event('notificationclick'), { notification, action, waitUntil }),
  );
  await Promise.all(works);
  return center.opened ?? '';
}
