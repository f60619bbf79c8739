import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { documents } from '../../../api/http/page-paths.ts';
import type { PushDevices } from '../../../api/schemas/agents/push-subscriptions.ts';
import type { PushPayload } from '../../../domain/notifications/push-payload.ts';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { notGovernment } from '../../../domain/text/not-government.ts';
import { openBrowser } from '../../../scripts/browser.ts';
import { logIn as cookieOf } from '../../../standalone/demo/onboard-agent.ts';
import {
  alma,
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { eventually } from '../../harness/eventually.ts';
import { getSharedServer } from '../../harness/servers/shared-servers.ts';
import { type Stack, startStack } from '../../harness/stack.ts';
import { jsonOf, postJson, type Subscription } from '../../standalone/fakes/running-mailbox.ts';
import { addAgentAccount } from '../agent-account.ts';
import { accessibilityFaults, overflow, type Visit, visit } from '../browser.ts';
import { emulateApp, followApp } from '../installed-app.ts';
import { addDevice } from '../virtual-device.ts';

let stack: Stack;
let browser: Browser;
let agent: OnboardedAgent;
/** The built portal. */
let portalFolder: string;
/** Folder of another build of it. */
let work: string;
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'portal-'));
  portalFolder = (await getSharedServer('portal')).folder;
  // a browser makes passkeys for names alone, not for IP addresses
  [stack, browser] = await Promise.all([startStack({}, { portalFolder, host: 'localhost' }), openBrowser()]);
  const people = newSamplePeople().onboarded.slice(0, 1);
  await uploadFeedsNaming(stack, people);
  [agent] = (await onboardAgents(stack, people)) as [OnboardedAgent];
  const { cookie } = agent;
  await stack.user.expect('PATCH', 'me/profile', { cookie, body: { contactPreference: 'email-app' } });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await stack.close();
  rmSync(work, { recursive: true });
});

async function open(path: string, as?: { cookie: string }): Promise<Visit> {
  const visited = await visit(browser, stack.apiUrl, { phone: true });
  if (as) {
    const [name = '', value = ''] = as.cookie.split('=');
    await visited.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  }
  await visited.page.goto(path);
  return visited;
}

const main = (page: Page) => page.getByRole('main');
const inCharge = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

/** Reads what is for this device in the mailbox, and waits until something is about this. */
function payloadAbout({ endpoint }: Subscription, what: string): Promise<string> {
  return eventually(async () => {
    const listed = await fetch(`${stack.mailboxUrl}/messages?to=${encodeURIComponent(endpoint)}`);
    const messages = await jsonOf<{ push: { payload: string } }[]>(listed);
    const found = messages.find(({ push }) => push.payload.includes(what));
    if (!found) throw new Error(`no push about ${what}`);
    return found.push.payload;
  });
}

/** Has the push service make a subscription for our key. */
async function newSubscription(cookie: string): Promise<Subscription> {
  const { body } = await stack.user.expect<PushDevices>('GET', 'me/push-subscriptions', { cookie });
  const { applicationServerKey } = body;
  return jsonOf(await postJson(`${stack.mailboxUrl}/push/subscriptions`, { applicationServerKey }));
}

/** Subscribes a device at the push service, as the browser of the agent would. */
async function subscribe(): Promise<Subscription> {
  const { cookie } = agent;
  const subscription = await newSubscription(cookie);
  await stack.user.expect('POST', 'me/push-subscriptions', { cookie, body: subscription });
  return subscription;
}

/** The same payload as it is once it is a minute old, and of a release that did not count the open offers. */
function aged(payload: string): string {
  const { openOffers: _, ...sent } = JSON.parse(payload) as PushPayload;
  return JSON.stringify({ ...sent, sentAt: new Date(Date.now() - 60_000).toISOString() });
}

const withdraw = ({ id, token }: SubmittedReferral) =>
  stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });

test('the portal can be installed: the browser finds nothing missing', async () => {
  const { page, faults, close } = await open('/login');
  await inCharge(page);
  const protocol = await page.context().newCDPSession(page);
  const { errors, data = '{}' } = await protocol.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data)).toMatchObject({ start_url: '/inbox', display: 'standalone' });
  const { installabilityErrors } = await protocol.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);
  const { icons } = JSON.parse(data) as { icons: { src: string; sizes: string; purpose?: string }[] };
  for (const { src, sizes } of icons) {
    const picture = await (await fetch(new URL(src, stack.apiUrl))).arrayBuffer();
    // width and height follow the name of the first chunk of a PNG
    const side = (at: number) => new DataView(picture).getUint32(at);
    expect(`${side(16)}x${side(20)}`).toBe(sizes);
  }
  expect(icons.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`)).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ]);
  expect(faults).toEqual([]);
  await close();
});

test.each([
  ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['/sw.js', 'text/javascript; charset=utf-8'],
  ['/icons/icon-192.png', 'image/png'],
  ['/icons/icon-512.png', 'image/png'],
  ['/icons/maskable-512.png', 'image/png'],
  ['/icons/apple-touch-icon.png', 'image/png'],
  ['/icons/badge-96.png', 'image/png'],
])('%s is revalidated each time, and of type %s', async (path, type) => {
  const answer = await fetch(new URL(path, stack.apiUrl));
  expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('Cache-Control')]).toEqual([
    200,
    type,
    'no-cache',
  ]);
});

describe('without a connection', () => {
  test('a page says what still holds, in both languages, and is itself again once there is one', async () => {
    const { page, faults, close } = await open('/help');
    await inCharge(page);
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Help On Demand cannot be reached' }).waitFor();
    const text = await main(page).innerText();
    for (const said of ['Your request goes on', 'stays yours', 'Su solicitud sigue adelante'])
      expect(text).toContain(said);
    expect(text.split(helpContacts.callCenter)).toHaveLength(3);
    const banner = await page.getByRole('banner').innerText();
    expect([banner.includes(notGovernment.en), banner.includes(notGovernment.es)]).toEqual([true, true]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBe(0);
    await page.context().setOffline(false);
    await page.getByLabel('Your name').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('nothing that the API says is kept on the device, nor a page, nor a link', async () => {
    const { page, close } = await open('/inbox', agent);
    await inCharge(page);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    const offline = ['/icon.svg', '/offline.css', '/offline.html', '/offline.js'];
    expect(kept.filter((path) => !path.startsWith('/assets/')).toSorted()).toEqual(offline);
    await close();
  });
});

describe('a push', () => {
  test('shows the offer, accepts it from the notification without a session, and says so', async () => {
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const { page, faults, close } = await open('/login');
    const app = await followApp(page);
    await app.push(await payloadAbout(device, offer.id));
    await eventually(async () =>
      expect(await app.shown()).toEqual([
        {
          title: 'New referral: Phoenix, AZ',
          body: expect.stringContaining('Answer by'),
          silent: false,
          actions: ['Accept', 'Decline'],
        },
      ]),
    );
    expect(await app.badge()).toBe(1);
    expect(await app.tap('New referral: Phoenix, AZ')).toContain(`/offer/${offer.id}#`);
    await app.push(await payloadAbout(device, offer.id));
    await app.tap('New referral: Phoenix, AZ', 'accept');
    expect(await app.shown()).toEqual([
      { title: 'You have it', body: 'Open the contact and get in touch.', silent: true, actions: [] },
    ]);
    expect(await app.badge()).toBe(0);
    await untilReferralStage(stack, created, 'accepted');
    expect(await app.tap('You have it')).toBe('/inbox');
    expect(await app.shown()).toEqual([]);
    await withdraw(created);
    expect(faults).toEqual([]);
    await close();
  });

  test('about another thing takes away the offer that is over; a test is confirmed from its notification', async () => {
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const { page, close } = await open('/login');
    const app = await followApp(page);
    await app.push(await payloadAbout(device, offer.id));
    await eventually(async () => expect(await app.shown()).toHaveLength(1));
    await withdraw(created);
    await stack.user.expect('POST', 'me/test-offers', { cookie: agent.cookie, body: {} });
    await app.push(await payloadAbout(device, '/test-offer/'));
    const title = 'TEST: no consumer is waiting';
    await eventually(async () => expect((await app.shown()).map((one) => one.title)).toEqual([title]));
    expect(await app.badge()).toBe(0);
    await app.tap(title, 'confirm');
    expect(await app.shown()).toMatchObject([{ title: 'Your test has arrived' }]);
    const { body } = await stack.user.expect<{ items: { channels: object[] }[] }>('GET', 'me/test-offers', {
      cookie: agent.cookie,
    });
    expect(body.items[0]?.channels).toContainEqual(
      expect.objectContaining({ channel: 'push', answeredAt: expect.any(String) }),
    );
    await close();
  });

  test('is taken away by an open inbox once its offer is over; the inbox counts the open offers on the icon', async () => {
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const { page, faults, close } = await open('/login', agent);
    const app = await followApp(page);
    await app.push(aged(await payloadAbout(device, offer.id)));
    await eventually(async () => expect(await app.shown()).toHaveLength(1));
    expect(await app.badge()).toBeUndefined();
    await page.goto('/inbox');
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await eventually(async () => expect([await app.badge(), await app.shown()]).toMatchObject([1, [{}]]));
    await withdraw(created);
    await eventually(async () => expect([await app.badge(), await app.shown()]).toEqual([0, []]));
    expect(faults).toEqual([]);
    await close();
  });

  test('is taken away when its offer is answered on the page that it opens, however new it is', async () => {
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const { page, faults, close } = await open('/login');
    const app = await followApp(page);
    const payload = await payloadAbout(device, offer.id);
    await app.push(payload);
    await eventually(async () => expect(await app.shown()).toHaveLength(1));
    await page.goto((JSON.parse(payload) as PushPayload).url);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('You accepted this referral at').waitFor();
    await eventually(async () => expect(await app.shown()).toEqual([]));
    await withdraw(created);
    expect(faults).toEqual([]);
    await close();
  });

  test('that is answered too late says that it is over', async () => {
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const payload = await payloadAbout(device, offer.id);
    await withdraw(created);
    const { page, close } = await open('/login');
    const app = await followApp(page);
    await app.push(payload);
    await app.tap('New referral: Phoenix, AZ', 'decline');
    expect(await app.shown()).toMatchObject([{ title: 'This offer is over' }]);
    await close();
  });
});

describe('from the lock screen to the contact', () => {
  /** A phone with the app, a passkey, and a session that has ended. */
  async function openLockedPhone() {
    const visited = await open('/account/security', agent);
    const { page } = visited;
    await emulateApp(page);
    // what the username field suggests would log in without a tap
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });
    await addDevice(page);
    const name = `Phone ${randomUUID()}`;
    await page.getByLabel('Name of the passkey').fill(name);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('cell', { name }).waitFor();
    await page.context().clearCookies();
    const device = await subscribe();
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [agent], created);
    const app = await followApp(page);
    await app.push(await payloadAbout(device, offer.id));
    return { ...visited, app, created };
  }
  const title = 'New referral: Phoenix, AZ';

  test('are three taps with actions: accept, open, passkey; no password', async () => {
    const { page, faults, close, app, created } = await openLockedPhone();
    let taps = 0;
    const tapped = <Result>(result: Promise<Result>) => {
      taps += 1;
      return result;
    };
    // the tap on a notification is none in the window that it opens
    await page.addInitScript(() =>
      Object.defineProperty(UserActivation.prototype, 'isActive', { value: false }),
    );
    await tapped(app.tap(title, 'accept'));
    await page.goto(await tapped(app.tap('You have it')));
    const passkey = main(page).getByRole('button').first();
    expect(await passkey.innerText()).toBe('Use a passkey');
    await tapped(passkey.click());
    await page.getByRole('heading', { name: alma.name }).waitFor();
    expect(taps).toBe(3);
    await withdraw(created);
    expect(faults).toEqual([]);
    await close();
  });

  test('are two taps and a face without actions: the app asks for the passkey by itself', async () => {
    const { page, faults, close, app, created } = await openLockedPhone();
    await page.goto(await app.tap(title));
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: alma.name }).waitFor();
    await withdraw(created);
    expect(faults).toEqual([]);
    await close();
  });
});

describe('the profile', () => {
  /** Stands for the push service's part of the browser, which a browser without a screen lacks. */
  async function connectPushService(page: Page): Promise<void> {
    await page.exposeFunction('askPushService', async (applicationServerKey: string) =>
      (await postJson(`${stack.mailboxUrl}/push/subscriptions`, { applicationServerKey })).json(),
    );
    await page.addInitScript(() => {
      let subscription: PushSubscription | null = null;
      const service = window as unknown as {
        askPushService: (key: unknown) => Promise<PushSubscriptionJSON>;
      };
      // the standard's names for what a browser without a screen always refuses
      Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
      Notification.requestPermission = async () => 'granted';
      PushManager.prototype.getSubscription = async () => subscription;
      PushManager.prototype.subscribe = async (options) => {
        const json = await service.askPushService(options?.applicationServerKey);
        const unsubscribe = async () => {
          subscription = null;
          return true;
        };
        subscription = { endpoint: json.endpoint, toJSON: () => json, unsubscribe } as PushSubscription;
        return subscription;
      };
    });
  }

  test('turns notifications on after our sentence and a tap, sends a test, mutes and removes the device', async () => {
    const { page, faults, close } = await open('/login', agent);
    await connectPushService(page);
    await page.goto('/profile');
    const devices = page.getByRole('region', { name: 'App notifications' });
    await devices.getByText('Your device asks next').waitFor();
    await devices.getByRole('button', { name: 'Turn on notifications here' }).click();
    await devices.getByText('This device gets notifications now.').waitFor();
    const own = devices.getByRole('row').filter({ hasText: '(this device)' });
    await own.getByText('None yet').waitFor();
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
    await devices.getByRole('button', { name: 'Send me a test' }).click();
    await devices.getByText('A test is on its way').waitFor();
    await own.getByRole('button', { name: 'Turn sound off' }).click();
    await own.getByText('Silent').waitFor();
    await own.getByRole('button', { name: 'Remove' }).click();
    await devices.getByText('This device gets no more notifications.').waitFor();
    await devices.getByRole('button', { name: 'Turn on notifications here' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a subscription that the push service replaces is renewed by the worker, again and again, without a session', async () => {
    const account = await addAgentAccount(stack);
    const cookie = await cookieOf(stack.user, account);
    const { page, faults, close } = await open('/login', { cookie });
    await connectPushService(page);
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Turn on notifications here' }).click();
    await page.getByText('This device gets notifications now.').waitFor();
    await page.context().clearCookies();
    const app = await followApp(page);
    for (const next of [await newSubscription(cookie), await newSubscription(cookie)]) {
      await app.replaceSubscription(next);
      const kept = stack.db.selectFrom('pushSubscriptions').select('endpoint').where('npn', '=', account.npn);
      expect(await kept.execute()).toEqual([{ endpoint: next.endpoint }]);
    }
    expect(faults).toEqual([]);
    await close();
  });

  test('a log-out ends the pushes of its device, and the next log-in there begins them again', async () => {
    const account = await addAgentAccount(stack);
    const { page, faults, close } = await open('/login');
    await connectPushService(page);
    await page.goto('/profile');
    const logIn = async () => {
      await page.getByLabel('Username').fill(account.username);
      await page.getByLabel('Password').fill(account.password);
      await main(page).getByRole('button', { name: 'Log in' }).click();
    };
    const subscriptions = () =>
      stack.db.selectFrom('pushSubscriptions').select('endpoint').where('npn', '=', account.npn).execute();
    await logIn();
    await page.getByRole('button', { name: 'Turn on notifications here' }).click();
    await page.getByText('This device gets notifications now.').waitFor();
    expect(await subscriptions()).toHaveLength(1);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Agent log in' }).waitFor();
    await eventually(async () => expect(await subscriptions()).toEqual([]));
    await page.getByRole('link', { name: 'Agent log in' }).click();
    await logIn();
    await eventually(async () => expect(await subscriptions()).toHaveLength(1));
    expect(faults).toEqual([]);
    await close();
  });
});

describe('the app', () => {
  const offer = (page: Page) => page.getByRole('region', { name: 'Help On Demand as an app' });

  test('is offered where it is chosen, once the browser can install it, and upon a tap', async () => {
    const { page, faults, close } = await open('/profile', agent);
    await page.getByLabel('Email Only').waitFor();
    expect(await offer(page).count()).toBe(0);
    await page.evaluate(() => {
      const asked = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
        prompt: async () => void (document.title = 'asked'),
      });
      window.dispatchEvent(asked);
    });
    await offer(page).getByRole('button', { name: 'Install the app' }).waitFor();
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
    await page.getByLabel('Email Only').check();
    expect(await offer(page).count()).toBe(0);
    await page.getByLabel('Email & App Notification').check();
    await offer(page).getByRole('button', { name: 'Install the app' }).click();
    await page.waitForFunction(() => document.title === 'asked');
    await offer(page).waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await close();
  });

  test('has steps on an iPhone, where notifications come to the app only', async () => {
    const { page, close } = await open('/login', agent);
    await page.addInitScript(() => {
      const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1';
      Object.defineProperty(Navigator.prototype, 'userAgent', { get: () => userAgent });
      Reflect.deleteProperty(window, 'PushManager');
    });
    await page.goto('/profile');
    await offer(page).getByText('Tap Add to Home Screen, then Add.').waitFor();
    await page.getByText('add it to your home screen first').waitFor();
    expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
    await close();
  });
});

test('a page of an earlier build loads itself anew while an offer is open, which can still be answered', async () => {
  const created = await askForHelp(stack.user);
  const { page, faults, close } = await open('/inbox', agent);
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  await inCharge(page);
  const build = await buildOf(page);
  // the page stays where it is, and talks to the new API by its stream
  const { folder, next } = otherBuild(build);
  await stack.replaceApi(folder);
  await page.getByText('There is a new version of this page.').waitFor();
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  expect(await buildOf(page)).toBe(build);
  const loaded = page.waitForEvent('load');
  await page.getByRole('link', { name: 'Availability' }).click();
  await loaded;
  expect(await buildOf(page)).toBe(next);
  await eventually(async () => {
    const names = await page.evaluate(() => caches.keys());
    expect(names.filter((name) => name.startsWith('pages-') && !name.endsWith(next))).toEqual([]);
    expect(names).toContain(`pages-offline-${next}`);
  });
  await page.getByRole('link', { name: 'Inbox' }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('heading', { name: alma.name }).waitFor();
  await withdraw(created);
  expect(faults).toEqual([]);
  await close();
});

const buildOf = (page: Page) =>
  page.locator('meta[name=build]').evaluate((meta) => (meta as HTMLMetaElement).content);

/** Makes another build of the portal, with other pages and another service worker. @returns its folder and name */
function otherBuild(build: string): { folder: string; next: string } {
  const folder = join(work, 'next');
  cpSync(portalFolder, folder, { recursive: true });
  const next = build.replaceAll(/\w/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
  for (const name of [...documents, 'sw.js']) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(build, next));
  }
  return { folder, next };
}
