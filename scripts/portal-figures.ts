import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import {
  firstWithOffer,
  helpAnswers,
  type Inbox,
  logIn,
  openInboxes,
  openPage,
  phone,
  type SampleSystem,
} from './sample-visits.ts';

export interface MeasuredSystem extends SampleSystem {
  mailboxUrl: string;
}

/** 3G: 1.6 and 0.75 Mbit/s, 150 ms there and back. */
const network3g = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
/** Loads of each page, each by a browser that has never seen it. */
const loads = 3;

/** What a person did for a task. */
interface Effort {
  taps: number;
  fields: number;
  /** Of waiting for the service after the last tap. */
  seconds: number;
}

/** Counts what a person does on a page. */
function countEffort() {
  const effort: Effort = { taps: 0, fields: 0, seconds: 0 };
  return {
    effort,
    tap: async (target: Locator) => {
      effort.taps += 1;
      await target.click();
    },
    fill: async (answer: () => Promise<unknown>) => {
      effort.fields += 1;
      await answer();
    },
    /** Taps for the last time, and waits for what it was for. */
    finish: async (target: Locator, result: Locator) => {
      await target.waitFor();
      const tappedAt = performance.now();
      effort.taps += 1;
      await target.click();
      await result.waitFor();
      effort.seconds = (performance.now() - tappedAt) / 1_000;
    },
  };
}

const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name });
/** Lower edge in pixels from the top of the page. */
const bottomOf = (target: Locator) =>
  target.first().evaluate((element) => Math.ceil(element.getBoundingClientRect().bottom + window.scrollY));
const heightOf = (page: Page) => page.evaluate(() => document.documentElement.scrollHeight);
const contact = (page: Page) => page.getByRole('heading', { name: 'Alma Reyes' }).first();

/** Measures each task on a phone. @returns a table of them */
export async function measureTasks(system: MeasuredSystem): Promise<string[][]> {
  const inboxes = await openInboxes(system, phone);
  const rows = [['task', 'taps', 'fields', 's to the result', 'pixels']];
  const add = (task: string, { taps, fields, seconds }: Effort, pixels: string) =>
    void rows.push([task, `${taps}`, `${fields}`, seconds.toFixed(1), pixels]);
  const help = await measureHelp(system, 78);
  add('consumer: from the start page until agents are asked', help.effort, help.pixels);
  const inInbox = await measureInbox(inboxes);
  add('agent: from the open inbox to the contact', inInbox.effort, inInbox.pixels);
  const known = await newestLink(system, offerLink, '');
  await measureHelp(system, 79);
  const byLink = await measureLink(system, await firstWithOffer(inboxes), known);
  add('agent, logged out: from the link in a message to the contact', byLink.effort, byLink.pixels);
  const registration = await measureRegistration(system);
  add('agent: from the link of the invitation to the sent form', registration.effort, registration.pixels);
  const ops = await measureBoard(system);
  add('operations: from the log-in to the first agent who is stuck', ops.effort, ops.pixels);
  return rows;
}

async function measureHelp(system: MeasuredSystem, number: number) {
  const page = await openPage(system, phone);
  const { effort, tap, fill, finish } = countEffort();
  await page.goto('/');
  const ask = page.getByRole('main').getByRole('link', { name: 'Ask for help' }).first();
  const above = await bottomOf(ask);
  await tap(ask);
  for (const answer of helpAnswers(page, number)) await fill(answer);
  const height = await heightOf(page);
  await finish(button(page, 'Ask for help'), page.getByText('We are asking agents near you'));
  await page.context().close();
  return { effort, pixels: `the first button ends at ${above}, the form is ${height} long` };
}

async function measureInbox(inboxes: readonly Inbox[]) {
  const { page } = await firstWithOffer(inboxes);
  const { effort, finish } = countEffort();
  const accept = button(page, 'Accept');
  const pixels = `Accept ends at ${await bottomOf(accept)}`;
  await finish(accept, contact(page));
  return {
    effort,
    pixels: `${pixels}, Call then at ${await bottomOf(page.getByRole('link', { name: /^Call/ }))}`,
  };
}

async function measureLink(system: MeasuredSystem, { agent }: Inbox, known: string) {
  const { effort, tap, fill, finish } = countEffort();
  const page = await openPage(system, phone);
  effort.taps += 1;
  await page.goto(await newestLink(system, offerLink, known));
  const accept = button(page, 'Accept');
  await accept.waitFor();
  const pixels = `Accept ends at ${await bottomOf(accept)}`;
  await tap(accept);
  await tap(
    page
      .getByRole('main')
      .getByRole('link', { name: /inbox|log in/i })
      .first(),
  );
  await fill(() => page.getByLabel('Username').fill(agent.username));
  await fill(() => page.getByLabel('Password', { exact: true }).fill(agent.password));
  await finish(button(page, 'Log in'), contact(page));
  await page.context().close();
  return { effort, pixels };
}

async function measureRegistration(system: MeasuredSystem) {
  const { effort, tap, fill, finish } = countEffort();
  const page = await openPage(system, phone);
  effort.taps += 1;
  await page.goto(await newestLink(system, /\/register#[\w-]{43}/, ''));
  await fill(() => page.getByLabel('Username').fill('measured.agent'));
  await fill(() => page.getByLabel('Password', { exact: true }).fill('Harbor!Lantern7'));
  const first = await heightOf(page);
  await tap(button(page, 'Continue'));
  await fill(() => page.getByLabel('Cell phone number').fill('602-555-0142'));
  await fill(() => page.getByLabel('Email, Text & App Notification').check());
  await fill(() => page.getByLabel('ZIP code').fill('85004'));
  await fill(() => page.getByLabel('I have read the').check());
  const second = await heightOf(page);
  await finish(button(page, 'Sign Up'), page.getByRole('heading', { level: 1, name: 'almost complete' }));
  await page.context().close();
  return { effort, pixels: `its parts are ${first} and ${second} long` };
}

async function measureBoard(system: MeasuredSystem) {
  const { effort, finish } = countEffort();
  const page = await logIn(
    system,
    system.logins.find(({ role }) => role === 'ops'),
    phone,
  );
  const agent = page
    .getByRole('table')
    .getByRole('link', { name: /\d{5,}/ })
    .first();
  await agent.waitFor();
  const [above, board] = [await bottomOf(agent), await heightOf(page)];
  await finish(agent, page.getByRole('heading', { level: 1, name: /Agent/ }));
  return {
    effort,
    pixels: `the first ends at ${above}, the board is ${board} long, the agent’s page ${await heightOf(page)}`,
  };
}

const offerLink = /\/offer\/[^\s"<]+#[\w-]{43}/;

/**
 * Finds the newest message with such a link, and waits for one if there is none yet.
 * @param known a path that an earlier message had
 * @returns its path, with the token
 */
async function newestLink({ mailboxUrl }: MeasuredSystem, link: RegExp, known: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const messages = (await (await fetch(`${mailboxUrl}/messages`)).json()) as { text: string; at: string }[];
    const newest = messages.toSorted((one, other) => other.at.localeCompare(one.at));
    const path = newest.map(({ text }) => link.exec(text)?.[0]).find((found) => found !== undefined);
    if (path !== undefined && path !== known) return path;
    await sleep(300);
  }
  throw new Error(`No message has a new link like ${link}`);
}

/** A page that somebody opens first, and what it has once it can be used. */
interface FirstPage {
  at: string;
  usable: (page: Page) => Locator;
  /** The agent whose session the browser has. */
  as?: Page;
}

/** Measures the first load of each page over 3G, on a phone. @returns a table of medians, in seconds */
export async function measureFirstPages(system: MeasuredSystem): Promise<string[][]> {
  const known = await newestLink(system, offerLink, '');
  const consumer = await openPage(system, phone);
  await consumer.goto('/help');
  for (const answer of helpAnswers(consumer, 80)) await answer();
  await button(consumer, 'Ask for help').click();
  await consumer.waitForURL('**/status/**');
  const inboxes = await openInboxes(system, phone);
  const { page: inbox } = await firstWithOffer(inboxes);
  const { pathname, hash } = new URL(consumer.url());
  const pages: Record<string, FirstPage> = {
    '/': { at: '/', usable: (page) => page.getByRole('link', { name: 'How long does it take?' }) },
    '/help': { at: '/help', usable: (page) => page.getByLabel('ZIP code') },
    '/status': { at: pathname + hash, usable: (page) => button(page, 'Withdraw my request') },
    '/offer': {
      at: await newestLink(system, offerLink, known),
      usable: (page) => button(page, 'Accept'),
    },
    '/login': { at: '/login', usable: (page) => page.getByLabel('Username') },
    '/inbox': { at: '/inbox', usable: (page) => button(page, 'Accept'), as: inbox },
  };
  const rows = [['first page over 3G', 's to first paint', 's until it can be used', 'kB received']];
  for (const [name, first] of Object.entries(pages)) {
    const found: Load[] = [];
    for (let load = 0; load < loads; load += 1) found.push(await loadOver3g(system, first));
    const median = (pick: (one: Load) => number) =>
      found.map(pick).toSorted((one, other) => one - other)[Math.floor(loads / 2)] ?? Number.NaN;
    rows.push([
      name,
      median(({ painted }) => painted).toFixed(1),
      median(({ usable }) => usable).toFixed(1),
      median(({ bytes }) => bytes / 1_000).toFixed(0),
    ]);
  }
  return rows;
}

interface Load {
  painted: number;
  usable: number;
  bytes: number;
}

async function loadOver3g(
  system: { browser: Browser; portalUrl: string },
  { at, usable, as }: FirstPage,
): Promise<Load> {
  const page = await openPage(system, phone);
  if (as) await page.context().addCookies(await as.context().cookies());
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', network3g);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(at, { waitUntil: 'commit' });
  await usable(page).first().waitFor();
  const [usableMs, paintedMs] = await page.evaluate(() => [
    performance.now(),
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  ]);
  await page.context().close();
  return { painted: (paintedMs ?? Number.NaN) / 1_000, usable: (usableMs ?? Number.NaN) / 1_000, bytes };
}
