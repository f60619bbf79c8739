import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Visit, visit } from './browser.ts';
import { fillInHelp } from './help-form.ts';
import { makeSubjects, type PageState, pageStates, type Subjects, type Who } from './page-states.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';
import { openServiceProxy, type ServiceProxy } from './service-proxy.ts';

let stack: PortalStack;
let subjects: Subjects;
beforeAll(async () => {
  stack = await startPortalStack();
  subjects = await makeSubjects(stack);
}, 120_000);
afterAll(() => stack.close());

const { '/docs': _, ...pages } = pageStates;
/** The first state of each page of the portal, in an order in which pages of one person are not beside each other. */
const states = (() => {
  const first = Object.values(pages).map(([state]) => state);
  const of = (...people: readonly (Who | undefined)[]) => first.filter(({ as }) => people.includes(as));
  return interleave(of(undefined), interleave(of('agent'), of('busyAgent', 'ops', 'admin')));
})();

function interleave<Item>(one: readonly Item[], other: readonly Item[]): Item[] {
  const places = [...Array(Math.max(one.length, other.length)).keys()];
  return places.flatMap((at) => [...one.slice(at, at + 1), ...other.slice(at, at + 1)]);
}

/** Longest time until a page says that it may be out of date. */
const within = { timeout: 10_000 };

async function openThrough(proxy: ServiceProxy, state: PageState): Promise<Visit> {
  const visited = await visit(stack.browser, stack.apiUrl, { proxy: proxy.settings });
  const { page } = visited;
  if (state.as) {
    const [name = '', value = ''] = subjects.cookies[state.as].split('=');
    await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  }
  const stream = state.act === 'nothing' ? page.waitForResponse(/\/events$/) : undefined;
  await page.goto(typeof state.at === 'string' ? state.at : state.at(subjects));
  await page.getByRole('main').getByText(state.shows).first().waitFor();
  // a page without a stream has heard of the service once it has loaded everything
  await (stream ?? page.waitForLoadState('networkidle'));
  return visited;
}

let lastOpened: Promise<unknown> = Promise.resolve();

/** Opens a page after those before it: a busy machine takes for many at once longer than anybody waits for one. */
function openInTurn(proxy: ServiceProxy, state: PageState): Promise<Visit> {
  const opened = lastOpened.then(() => openThrough(proxy, state));
  lastOpened = opened.catch(() => undefined);
  return opened;
}

const strip = (page: Page) => page.locator('.hod-strip');
/** The service is asked again after 5 to 30 seconds. */
const untilQuiet = (page: Page) =>
  page.locator('.hod-strip:empty').waitFor({ state: 'attached', timeout: 40_000 });

/** A way in which a page is cut off from the service. */
interface Cut {
  cut: (proxy: ServiceProxy, page: Page) => unknown;
  mend: (proxy: ServiceProxy, page: Page) => unknown;
  /** What the page says. */
  says: RegExp;
  /** The page says it although the person does nothing. */
  isToldUnasked?: true;
}

/** Cuts the page off in each of these ways, and expects that it says so in time, and no longer once it is connected again. */
async function expectSaid(state: PageState, ways: readonly Cut[]): Promise<void> {
  const proxy = await openServiceProxy();
  const { page, close } = await openInTurn(proxy, state);
  for (const { cut, mend, says, isToldUnasked } of ways) {
    await cut(proxy, page);
    if (!isToldUnasked && state.act !== 'nothing') await (state.act ?? goElsewhere)(page);
    await strip(page).getByText(says).waitFor(within);
    await mend(proxy, page);
    await untilQuiet(page);
  }
  await close();
  await proxy.close();
}

/** Follows a link of the header to a page whose files are not loaded. */
async function goElsewhere(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Agent log in' }).click();
}

const cuts = {
  hangs: {
    cut: (proxy) => proxy.hang(),
    mend: (proxy) => proxy.resume(),
    says: /^(No connection since .+\.|Still waiting for an answer\.)/,
  },
  stopped: {
    cut: (proxy) => proxy.refuse(),
    mend: (proxy) => proxy.resume(),
    says: /^No connection since .+\./,
  },
  offline: {
    cut: (_proxy, page) => page.context().setOffline(true),
    mend: (_proxy, page) => page.context().setOffline(false),
    says: /^You are offline\. The last update was at .+\./,
    isToldUnasked: true,
  },
} satisfies Record<string, Cut>;

// pages and cuts are played beside each other, since nearly all of their time is waiting; one person has eight streams at most
test.concurrent.each(states.map((state) => [state.name, state] as const))(
  'the page “%s” says within 10 seconds that the service hangs, or has stopped, or that the device is offline, and no more afterwards',
  async (_name, state) => {
    const { hangs, stopped, offline } = cuts;
    await Promise.all([expectSaid(state, [hangs]), expectSaid(state, [offline, stopped])]);
  },
  120_000,
);

test('an inbox that is cut off says what may be missed', async () => {
  const proxy = await openServiceProxy();
  const { page, close } = await openThrough(proxy, pageStates['/inbox'][0]);
  proxy.refuse();
  const said = strip(page).getByText('You may be missing a referral.');
  await said.waitFor(within);
  expect(await said.textContent()).toMatch(/^No connection since .+\. You may be missing a referral\.$/);
  await close();
  await proxy.close();
});

async function referralCount(): Promise<number> {
  const { count } = await stack.db
    .selectFrom('referrals')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

test('a request for help that hangs can be sent again, and is made once', async () => {
  const proxy = await openServiceProxy();
  const { page, close } = await openThrough(proxy, pageStates['/help'][0]);
  const email = `sent.twice.${Date.now()}@example.org`;
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('ZIP code').fill('85004');
  await fillInHelp(page);
  const before = await referralCount();
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.push(request.headers()['idempotency-key']);
  });
  proxy.hang();
  const send = page.getByRole('button', { name: 'Ask for help' });
  await send.click();
  await strip(page).getByText('Still waiting for an answer. Nothing you entered is lost.').waitFor(within);
  await page.getByText('We do not know yet if it was saved.').waitFor({ timeout: 20_000 });
  // what hung arrives now, together with what is sent again
  await send.click();
  proxy.resume();
  await page.waitForURL('**/status/*');
  expect(new Set(keys).size).toBe(1);
  expect(keys.length).toBeGreaterThan(1);
  expect(await referralCount()).toBe(before + 1);
  await close();
  await proxy.close();
});

test('an offer that is accepted while the service hangs is accepted once, when it goes on', async () => {
  const proxy = await openServiceProxy();
  const { page, close } = await openThrough(proxy, pageStates['/inbox'][1] as PageState);
  const accept = page.getByRole('button', { name: 'Accept' });
  await accept.waitFor();
  proxy.hang();
  await accept.click();
  await strip(page)
    .getByText(/^(No connection since|Still waiting)/)
    .waitFor(within);
  proxy.resume();
  await page.getByText('No referral is waiting for you.').waitFor();
  await untilQuiet(page);
  await close();
  await proxy.close();
});
