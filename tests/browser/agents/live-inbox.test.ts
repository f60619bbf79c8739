import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { alma, askForHelp, untilReferralStage } from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { eventually } from '../../harness/eventually.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { type Visit, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let agent: OnboardedAgent;
beforeAll(async () => {
  stack = await startPortalStack();
  const people = newSamplePeople().onboarded.slice(0, 1);
  await uploadFeedsNaming(stack, people);
  [agent] = (await onboardAgents(stack, people)) as [OnboardedAgent];
});
afterAll(() => stack.close());

/** Longer than any interval at which a page without a stream reads again, shorter than that of an inbox with one. */
const longMs = 40_000;
/** Less than half of any of these intervals. */
const byTheStream = { timeout: 14_000 };

test('an offer appears in an open inbox and leaves it by the stream alone: nothing is read meanwhile', async () => {
  const { page, faults, close } = await openInbox();
  const reads = readsOf(page);
  const created = await askForHelp(stack.user);
  await page.getByRole('heading', { name: 'Phoenix, AZ 85004' }).waitFor(byTheStream);
  expect(reads.filter((path) => path.startsWith('/v1/me/')).toSorted()).toEqual([
    '/v1/me/offers',
    '/v1/me/referrals',
  ]);
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  await page.getByText('The consumer withdrew the request at').waitFor(byTheStream);
  expect(faults).toEqual([]);
  await close();
});

test('an inbox whose stream is dead, although its connection looks open, shows an offer within a minute', async () => {
  const { page, faults, close } = await openInbox({ hasDeadStream: true });
  const created = await askForHelp(stack.user);
  await untilReferralStage(stack, created, 'offering');
  await page.clock.fastForward(60_000);
  await page.getByRole('heading', { name: 'Phoenix, AZ 85004' }).waitFor();
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  expect(faults).toEqual([]);
  await close();
});

test('a hidden inbox reads nothing, and so has shown nothing; it marks its title, and reads once it is shown', async () => {
  const { page, faults, close } = await openInbox();
  await showTab(page, 'hidden');
  const reads = readsOf(page);
  const created = await askForHelp(stack.user);
  await untilReferralStage(stack, created, 'offering');
  await eventually(async () => expect(await page.title()).toBe('(•) Inbox | Help On Demand'));
  await page.clock.fastForward(longMs);
  // besides the stream, which is begun anew after that time, and the question whether the service is there
  expect(reads.filter((path) => !['/v1/me/events', '/v1/session'].includes(path))).toEqual([]);
  expect(await disclosuresOf(created.id)).toBe(0);
  await showTab(page, 'visible');
  await page.getByRole('heading', { name: 'Phoenix, AZ 85004' }).waitFor();
  expect(await page.title()).toBe('(1) Inbox | Help On Demand');
  expect(await disclosuresOf(created.id)).toBe(1);
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  expect(faults).toEqual([]);
  await close();
});

test('a hidden inbox whose stream was interrupted marks its title, because it may have missed an offer', async () => {
  const { page, faults, close } = await openInbox();
  await showTab(page, 'hidden');
  expect(await page.title()).toBe('Inbox | Help On Demand');
  let refusals = 0;
  page.on('response', (response) => (refusals += response.status() === 503 ? 1 : 0));
  await asOwner(stack, 'alter table events rename column transaction_id to unreadable');
  await eventually(async () => {
    await page.clock.fastForward(longMs);
    expect(refusals).toBeGreaterThan(0);
  });
  await asOwner(stack, 'alter table events rename column unreadable to transaction_id');
  await eventually(async () => {
    await page.clock.fastForward(longMs);
    expect(await page.title()).toBe('(•) Inbox | Help On Demand');
  });
  expect(faults).toEqual([]);
  await close();
});

test('an acceptance stays on the page, although the page reads meanwhile what became of the offer', async () => {
  const { page, faults, close } = await openInbox();
  const created = await askForHelp(stack.user);
  const accept = page.getByRole('button', { name: 'Accept' });
  await accept.waitFor();
  const isStatus = (url: URL) => /^\/v1\/offers\/[^/]+$/.test(url.pathname);
  const statusAsked = page.waitForRequest((request) => isStatus(new URL(request.url())));
  const heading = page.getByRole('heading', { name: alma.name });
  // the offer leaves the list by the stream before the acceptance is answered, and its status is answered after it
  await page.route('**/v1/offers/*/acceptance', async (route) => {
    const response = await route.fetch();
    await statusAsked;
    await route.fulfill({ response });
  });
  await page.route(isStatus, async (route) => {
    const response = await route.fetch();
    await heading.waitFor();
    await route.fulfill({ response });
  });
  const statusRead = page.waitForResponse((response) => isStatus(new URL(response.url())));
  await accept.click();
  await (await statusRead).finished();
  // the page has taken in that answer when it has read something afterwards
  await page.evaluate(async () => (await fetch('/v1/session')).text());
  expect(await heading.isVisible()).toBe(true);
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  expect(faults).toEqual([]);
  await close();
});

test('a consumer who asks for another agent leaves the open page by the stream alone', async () => {
  const { page, faults, close } = await openInbox();
  const created = await askForHelp(stack.user);
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('heading', { name: alma.name }).waitFor();
  await page.getByText('Contact due').waitFor();
  await page.clock.fastForward(longMs);
  await stack.user.expect('POST', `referrals/${created.id}/another-agent`, {
    bearer: created.token,
    body: {},
  });
  await page.getByText('The consumer asked for another agent at').waitFor(byTheStream);
  const text = await page.evaluate(() => document.body.innerHTML);
  expect(text).not.toMatch(new RegExp(`${alma.name}|${alma.email}|555-0177|${alma.phone.slice(1)}`));
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  expect(faults).toEqual([]);
  await close();
});

test('a time of the next try that is typed halfway is not reported as if none were named', async () => {
  const { page, faults, close } = await openInbox();
  const created = await askForHelp(stack.user);
  await page.getByRole('button', { name: 'Accept' }).click();
  const field = page.getByLabel('When will you try again?');
  await field.focus();
  await page.keyboard.type('12');
  const reads = readsOf(page);
  await page.getByRole('button', { name: 'Left a voicemail' }).click();
  await eventually(async () => expect(await field.getAttribute('aria-invalid')).toBe('true'));
  expect(await page.locator('form', { has: field }).innerText()).toContain(
    'Enter a time that is still to come',
  );
  expect(reads.filter((path) => path.endsWith('/outcomes'))).toEqual([]);
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  expect(faults).toEqual([]);
  await close();
});

test('an inbox whose session has ended elsewhere asks to log in', async () => {
  const { page, faults, close } = await openInbox();
  await stack.user.expect('DELETE', 'session', { cookie: agent.cookie });
  // its stream ends within 5 seconds; it reconnects after at most 20, and is refused
  await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
  await close();
});

/** Opens the inbox, whose clock the test moves, and waits until it follows its stream. */
async function openInbox({ hasDeadStream = false } = {}): Promise<Visit> {
  const inbox = await visit(stack.browser, stack.apiUrl);
  const { page } = inbox;
  const [name = '', value = ''] = agent.cookie.split('=');
  await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await page.clock.install();
  if (hasDeadStream) await page.addInitScript(silenceStream);
  const connected = hasDeadStream ? undefined : page.waitForResponse('**/v1/me/events');
  await page.goto('/inbox');
  await page.getByText('No referral is waiting for you.').waitFor();
  await connected;
  // the stream begins with `current`, upon which everything may be read once more; an answer comes after that event
  for (let call = 0; call < 5; call += 1)
    await page.evaluate(async () => (await fetch('/v1/session')).text());
  return inbox;
}

/** Replaces the stream by one on which nothing arrives: neither an event, nor its end. */
function silenceStream(): void {
  const fetch = window.fetch.bind(window);
  const headers = { 'Content-Type': 'text/event-stream' };
  window.fetch = async (input, init) =>
    (input instanceof Request ? input.url : input.toString()).endsWith('/v1/me/events')
      ? new Response(new ReadableStream(), { headers })
      : fetch(input, init);
}

/** Collects the paths that the page reads from now on. */
function readsOf(page: Page): string[] {
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}

/** Hides or shows the tab as the page sees it: tabs of a browser without a screen are always visible. */
async function showTab(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((visibilityState) => {
    Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
}

async function disclosuresOf(referralId: string): Promise<number> {
  const rows = await stack.db
    .selectFrom('disclosures')
    .innerJoin('offers', 'offers.id', 'offerId')
    .select('offerId')
    .where('referralId', '=', referralId)
    .execute();
  return rows.length;
}
