import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { alma, askForHelp, nextOffer, untilReferralStage } from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { fillInHelp } from './help-form.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
let agents: OnboardedAgent[];
beforeAll(async () => {
  stack = await startPortalStack();
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

test('a consumer asks for help on a phone and watches until an agent accepts; the agent calls and reports', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await requestHelp(consumer.page);
  await consumer.page.getByText('We are asking agents near you').waitFor();
  expect(await accessibilityFaults(consumer.page)).toEqual([]);
  expect(await overflow(consumer.page)).toBe(0);

  const [, id = '', token = ''] = /status\/([^#]+)#(.+)$/.exec(consumer.page.url()) ?? [];
  const { agent } = await nextOffer(stack, agents, { id, token });
  const inbox = await openInbox(agent);
  await inbox.page.getByRole('heading', { name: 'Phoenix, AZ 85004' }).waitFor();
  expect(await inbox.page.title()).toBe('(1) Inbox | Help On Demand');
  expect(await inbox.page.getByText(alma.name).count()).toBe(0);
  expect(await inbox.page.locator('.hod-clock').textContent()).toMatch(/^1[45]:\d\d$/);
  expect(await accessibilityFaults(inbox.page)).toEqual([]);

  await inbox.page.getByRole('button', { name: 'Accept' }).click();
  await inbox.page.getByRole('heading', { name: alma.name }).waitFor();
  await inbox.page.getByRole('link', { name: 'Call (602) 555-0177' }).waitFor();
  await consumer.page.getByText(`(NPN ${agent.npn}) will call you by`).waitFor();
  expect(await accessibilityFaults(consumer.page)).toEqual([]);

  await inbox.page.getByText('Get in touch and update the outcome by').waitFor();
  await inbox.page.getByLabel('Talked with the consumer').check();
  await inbox.page.getByRole('button', { name: 'Report' }).click();
  await consumer.page.getByText('You are in touch with').waitFor();
  expect(await accessibilityFaults(inbox.page)).toEqual([]);
  await inbox.page.getByLabel('Did not enroll').check();
  await inbox.page.getByRole('button', { name: 'Report' }).click();
  await inbox.page.getByText('Choose a reason.').first().waitFor();
  await inbox.page.getByLabel('Has other coverage').check();
  await inbox.page.getByRole('button', { name: 'Report' }).click();
  await consumer.page.getByText('Your request is closed.').waitFor();
  await inbox.page.getByText('This referral was closed at').waitFor();
  expect(await inbox.page.evaluate(() => document.activeElement?.textContent)).toContain('Phoenix, AZ 85004');
  await leave(consumer, inbox);
});

test('an agent declines with a reason, and a later answer from another window shows what happened', async () => {
  const created = await askForHelp(stack.user);
  const { agent } = await nextOffer(stack, agents, created);
  const [first, late] = await Promise.all([openInbox(agent), openInbox(agent)]);
  await late.page.getByRole('button', { name: 'Accept' }).waitFor();
  // from here on this window is not informed that the offer is gone
  await late.page.route('**/v1/me/offers', (route) => route.abort());

  await first.page.getByRole('button', { name: 'Decline' }).click();
  expect(await first.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
  await first.page.getByRole('button', { name: 'Decline this referral' }).click();
  await first.page.getByText('Choose a reason.').waitFor();
  await first.page.getByLabel('Too busy right now').check();
  expect(await accessibilityFaults(first.page)).toEqual([]);
  await first.page.getByRole('button', { name: 'Decline this referral' }).click();
  await first.page.getByText('You declined this referral at').waitFor();

  await late.page.getByRole('button', { name: 'Accept' }).click();
  await late.page.getByText('You declined this referral at').waitFor();
  expect(await accessibilityFaults(late.page)).toEqual([]);
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  await leave(first, late);
});

test('a consumer names the agent they have already, who is asked first although others are nearer', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await fillIn(consumer.page, { zip: alma.zip });
  await consumer.page.getByText('Contact times, your own agent').click();
  const before = consumer.page.getByLabel('Ask the agent who helped me before');
  await before.check();
  await consumer.page.getByLabel('Do you already have an agent?').fill('tran, linh');
  expect(await before.count()).toBe(0);
  expect(await accessibilityFaults(consumer.page)).toEqual([]);
  expect(await overflow(consumer.page)).toBe(0);
  await consumer.page.getByRole('button', { name: 'Ask for help' }).click();
  await consumer.page.getByText('We are asking agents near you').waitFor();
  const [, id = '', token = ''] = /status\/([^#]+)#(.+)$/.exec(consumer.page.url()) ?? [];
  expect(await nextOffer(stack, agents, { id, token })).toMatchObject({ agent: { firstName: 'Linh' } });
  await stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });
  await leave(consumer);
});

test('a person who is neither an adult nor authorized sees at once whom to call, and nothing is sent', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl);
  await fillIn(consumer.page, { zip: alma.zip });
  await consumer.page.getByLabel('Who are you asking for?').selectOption('Neither of these');
  const advice = consumer.page.getByText('We take requests from adults').first();
  expect(await advice.textContent()).toContain('1-800-318-2596 (TTY 1-855-889-4325');
  await consumer.page.getByRole('button', { name: 'Ask for help' }).click();
  await consumer.page.locator(':focus').getByText('We take requests from adults').waitFor();
  expect(await accessibilityFaults(consumer.page)).toEqual([]);
  await leave(consumer);
});

test('a consumer withdraws; the open inbox shows that the referral is gone', async () => {
  const created = await askForHelp(stack.user);
  const { agent } = await nextOffer(stack, agents, created);
  const inbox = await openInbox(agent);
  await inbox.page.getByRole('button', { name: 'Accept' }).waitFor();

  const consumer = await visit(stack.browser, stack.apiUrl);
  await consumer.page.goto(`/status/${created.id}#${created.token}`);
  await consumer.page.getByRole('button', { name: 'Withdraw my request' }).click();
  await consumer.page.getByRole('button', { name: 'Yes, withdraw it' }).click();
  await consumer.page.getByText('You have withdrawn your request.').waitFor();
  await untilReferralStage(stack, created, 'withdrawn');
  await inbox.page.getByText('The consumer withdrew the request at').waitFor();
  expect(await inbox.page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
  await leave(consumer, inbox);
});

test('an agent whose consumer withdraws loses the contact everywhere on the page', async () => {
  const created = await askForHelp(stack.user);
  const { agent } = await nextOffer(stack, agents, created);
  const inbox = await openInbox(agent);
  await inbox.page.getByRole('button', { name: 'Accept' }).click();
  await inbox.page.getByRole('heading', { name: alma.name }).waitFor();
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  await inbox.page.getByText('The consumer withdrew the request at').waitFor();
  expect(await inbox.page.getByText(alma.name).count()).toBe(0);
  await leave(inbox);
});

test('an agent who reached nobody says so; the consumer sees when they try again', async () => {
  const created = await askForHelp(stack.user);
  const { agent } = await nextOffer(stack, agents, created);
  const [inbox, consumer] = await Promise.all([
    openInbox(agent),
    visit(stack.browser, stack.apiUrl, { narrow: true }),
  ]);
  await inbox.page.getByRole('button', { name: 'Accept' }).click();
  await consumer.page.goto(`/status/${created.id}#${created.token}`);
  await consumer.page.getByText(`(NPN ${agent.npn}) will call you by`).waitFor();

  await inbox.page.getByLabel('When will you try again?').fill('2020-01-01T10:00');
  await inbox.page.getByRole('button', { name: 'Left a voicemail' }).click();
  await inbox.page.getByText('Enter a time that is still to come').first().waitFor();
  await inbox.page.getByLabel('When will you try again?').fill('');
  await inbox.page.getByRole('button', { name: /^No answer, will try again by/ }).click();
  await inbox.page.getByText('You tried once and will try again by').waitFor();
  await consumer.page.getByText('tried to reach you at').waitFor();
  for (const { page } of [inbox, consumer]) {
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  }
  await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, { bearer: created.token, body: {} });
  await leave(inbox, consumer);
});

test('a consumer in a state with its own marketplace is referred to it', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl);
  await consumer.page.goto('/help');
  await consumer.page.getByLabel('ZIP code').fill('94103');
  await consumer.page.getByRole('heading', { name: 'Your state has its own marketplace' }).waitFor();
  const link = consumer.page.getByRole('link', { name: 'https://www.coveredca.com' });
  expect(await link.getAttribute('href')).toBe('https://www.coveredca.com');
  expect(await consumer.page.getByText('1-800-300-1506').isVisible()).toBe(true);
  expect(await consumer.page.getByLabel('Your name').count()).toBe(0);
  expect(await consumer.page.getByRole('main').getByRole('button', { name: 'Ask for help' }).count()).toBe(0);
  expect(await accessibilityFaults(consumer.page)).toEqual([]);
  await leave(consumer);
});

test('every missing field of a request is named at once', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await consumer.page.goto('/help');
  await consumer.page.getByRole('button', { name: 'Ask for help' }).click();
  const summary = consumer.page.getByRole('alert');
  await summary.getByRole('heading', { name: '6 fields need your attention' }).waitFor();
  expect(await accessibilityFaults(consumer.page)).toEqual([]);
  expect(await overflow(consumer.page)).toBe(0);
  await leave(consumer);
});

test('a status page without its token shows nothing', async () => {
  const created = await askForHelp(stack.user);
  const stranger = await visit(stack.browser, stack.apiUrl);
  for (const token of ['another-token', 'another-token'.padEnd(43, 'x')]) {
    await stranger.page.goto('/');
    await stranger.page.goto(`/status/${created.id}#${token}`);
    await stranger.page.getByRole('heading', { name: 'We cannot show this request' }).waitFor();
    const buttons = await stranger.page.getByRole('main').getByRole('button').allTextContents();
    expect(buttons).toEqual(['Send me the link']);
  }
  await leave(stranger);
});

test('every page names the operator of the service, and says that no agent is endorsed', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  for (const path of ['/', '/help', '/login', '/register', '/nothing-here']) {
    await consumer.page.goto(path);
    const footer = consumer.page.getByRole('contentinfo');
    await footer.getByText('contracted by the Centers for Medicare & Medicaid Services (CMS)').waitFor();
    const text = (await footer.textContent()) ?? '';
    expect(text).toContain('developed and hosted by Help On Demand');
    expect(text).toContain('Referrals are not provided by CMS or the Marketplace');
    expect(text).toContain(
      'no endorsement of an agent or broker by the Department of Health & Human Services',
    );
  }
  await leave(consumer);
});

async function openInbox({ cookie }: OnboardedAgent): Promise<Visit> {
  const inbox = await visit(stack.browser, stack.apiUrl);
  const [name = '', value = ''] = cookie.split('=');
  await inbox.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await inbox.page.goto('/inbox');
  return inbox;
}

async function fillIn(page: Page, { zip }: { zip: string }): Promise<void> {
  await page.goto('/help');
  const texts = page.getByLabel('I agree to text messages about my request');
  expect(await texts.count()).toBe(0);
  await page.getByLabel('Phone number').fill('(602) 555-0177');
  await texts.waitFor();
  expect(await texts.isChecked()).toBe(false);
  await page.getByLabel('Email address').fill(alma.email);
  await page.getByLabel('ZIP code').fill(zip);
  await page.getByLabel('Language you want to talk in').selectOption('English');
  await fillInHelp(page);
}

async function requestHelp(page: Page): Promise<void> {
  await fillIn(page, { zip: alma.zip });
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Ask for help' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your request for help' }).waitFor();
}

/** Closes the windows and checks that they had no faults. */
async function leave(...visits: Visit[]): Promise<void> {
  for (const { faults, close } of visits) {
    expect(faults).toEqual([]);
    await close();
  }
}
