import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { helpContacts } from '../../../domain/text/help-contacts.ts';
import { applyOpsAction } from '../../../store/ops/ops-actions.ts';
import { linkToken } from '../../../store/tokens.ts';
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
import {
  accessibilityFaults,
  boxesOf,
  overflow,
  tabTo,
  untilFocusedOn,
  type Visit,
  type VisitOptions,
  visit,
} from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
/** The only agent, who gets every offer. */
let rosa: OnboardedAgent;
beforeAll(async () => {
  // so that one accepted referral fills the agent's capacity
  stack = await startPortalStack({ uncontactedReferralsPerAgent: 1 });
  const people = newSamplePeople().onboarded.slice(0, 1);
  await uploadFeedsNaming(stack, people);
  [rosa] = (await onboardAgents(stack, people)) as [OnboardedAgent];
});
afterAll(() => stack.close());

const phone = { phone: true } as const;

async function openInbox(how: VisitOptions = phone): Promise<Visit> {
  const inbox = await visit(stack.browser, stack.apiUrl, how);
  const [name = '', value = ''] = rosa.cookie.split('=');
  await inbox.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await inbox.page.goto('/inbox');
  await inbox.page.getByRole('heading', { name: 'New referrals' }).waitFor();
  return inbox;
}

async function leave(...visits: Visit[]): Promise<void> {
  for (const { faults, close } of visits) {
    expect(faults).toEqual([]);
    await close();
  }
}

/** A coming time of the agent behind these words; it has a day too when the test runs in the last hour of one. */
const timeAfter = (words: string) => new RegExp(`${words} ([A-Z][a-z]{2} \\d+, )?\\d+:\\d\\d [AP]M MST$`);

const withdraw = ({ id, token }: SubmittedReferral) =>
  stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });

/** The parts of an offer that are to be seen at once. */
const partsOfOffer = (page: Page) => ({
  place: page.getByRole('heading', { name: 'Phoenix, AZ 85004' }),
  clock: page.locator('.hod-clock'),
  need: page.getByText('Needs help with: New coverage'),
  accept: page.getByRole('button', { name: 'Accept' }),
  decline: page.getByRole('button', { name: 'Decline' }),
});

describe('an offer stands above the fold of a phone, with its place, clock, need and both answers', () => {
  test('in the inbox, before whatever else is there', async () => {
    const created = await askForHelp(stack.user);
    await nextOffer(stack, [rosa], created);
    const inbox = await openInbox();
    await inbox.page.getByRole('button', { name: 'Accept' }).waitFor();
    await inbox.page.getByRole('switch').waitFor();
    const { availability, ...parts } = await boxesOf(inbox.page, {
      ...partsOfOffer(inbox.page),
      availability: inbox.page.getByRole('switch'),
    });
    for (const { bottom } of Object.values(parts)) expect(Math.ceil(bottom)).toBeLessThanOrEqual(844);
    expect(availability.top).toBeGreaterThan(parts.decline.bottom);
    expect(await accessibilityFaults(inbox.page)).toEqual([]);
    expect(await overflow(inbox.page)).toBe(0);
    await withdraw(created);
    await leave(inbox);
  });

  test('behind the link of its message, without log-in; accepted there it says when', async () => {
    const created = await askForHelp(stack.user);
    const { offer } = await nextOffer(stack, [rosa], created);
    const linked = await visit(stack.browser, stack.apiUrl, phone);
    const { page } = linked;
    await page.goto(`/offer/${offer.id}#${linkToken(stack.linkSecret, 'offer', offer.id)}`);
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    const parts = await boxesOf(page, partsOfOffer(page));
    for (const { bottom } of Object.values(parts)) expect(Math.ceil(bottom)).toBeLessThanOrEqual(844);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('button', { name: 'Go back' }).click();
    await untilFocusedOn(page, 'Decline');
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText(/You accepted this referral at \d+:\d\d [AP]M MST\. Log in to see/).waitFor();
    await untilFocusedOn(page, /You accepted this referral at/);
    await withdraw(created);
    await leave(linked);
  });
});

test('on a desk, the referrals stand beside the offers, each in a column of its own', async () => {
  const inbox = await openInbox({});
  const { offers, referrals } = await boxesOf(inbox.page, {
    offers: inbox.page.getByRole('heading', { name: 'New referrals' }),
    referrals: inbox.page.getByRole('heading', { name: 'Your referrals' }),
  });
  expect(referrals.top).toBe(offers.top);
  expect(referrals.left).toBeGreaterThan(offers.left + 400);
  await leave(inbox);
});

test('the availability is one line: the switch, whether it is on, and until when', async () => {
  const inbox = await openInbox();
  const { page } = inbox;
  const line = page.getByRole('region', { name: 'Are you available?' });
  const toggle = line.getByRole('switch', { name: 'Referrals' });
  await line.getByText('On', { exact: true }).waitFor();
  const boxes = await boxesOf(page, { line, toggle });
  expect(boxes.line.height).toBeLessThanOrEqual(64);
  expect(boxes.toggle.left).toBeLessThan(boxes.line.left + 24);
  await line.getByText('Options').click();
  await line.getByLabel('For how long?').selectOption('For 1 hour');
  await toggle.click();
  await line.getByText(timeAfter('Off until')).waitFor();
  expect(await toggle.isChecked()).toBe(false);
  await untilFocusedOn(page, 'Referrals');
  await line.getByRole('button', { name: 'Go back to my weekly hours' }).click();
  await line.getByText('On', { exact: true }).waitFor();
  await untilFocusedOn(page, 'Referrals');
  expect(await accessibilityFaults(page)).toEqual([]);
  await leave(inbox);
});

describe('an agent who is offered nothing reads why, and where it is mended:', () => {
  const change = (columns: object) =>
    stack.db.updateTable('agents').set(columns).where('npn', '=', rosa.npn).execute();
  const setAvailability = (body: object) =>
    stack.user.expect('PUT', 'me/availability', { cookie: rosa.cookie, body });
  /** A day as it is where the agent lives, as ISO text. */
  const day = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'America/Phoenix' });
  /** Hours on the day before yesterday of each week, which are outside of now in every time zone. */
  const otherDay = () =>
    new Date(Date.now() - 2 * 86_400_000).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' });
  const serving = () => stack.db.selectFrom('serving').selectAll().where('npn', '=', rosa.npn).execute();
  /** Puts the agent's onboarding into a stage, as a review does. @returns what undoes it */
  const enter = async (stage: string, causes: string[]) => {
    const served = await serving();
    const set = (columns: { stage: string; causes: string[] }) =>
      stack.db.updateTable('onboardings').set(columns).where('npn', '=', rosa.npn).execute();
    await stack.db.deleteFrom('serving').where('npn', '=', rosa.npn).execute();
    await set({ stage, causes });
    return async () => {
      await set({ stage: 'active', causes: [] });
      await stack.db.insertInto('serving').values(served).execute();
    };
  };
  const undone = async (work: Promise<unknown>, undo: () => Promise<unknown>) => {
    await work;
    return undo;
  };

  test.each<[string, () => Promise<() => Promise<unknown>>, RegExp, string | undefined]>([
    [
      'suspended',
      () => enter('suspended', ['npn-valid']),
      /Something that you need is missing/,
      'Open your checklist',
    ],
    [
      'not yet active',
      () => enter('awaiting-terms', ['terms-of-use']),
      /You are not active yet/,
      'Open your checklist',
    ],
    [
      'no license where they want referrals',
      () => undone(change({ statesWanted: ['FL'] }), () => change({ statesWanted: ['AZ', 'TX'] })),
      /no active license in a state that you want/,
      'Open your profile',
    ],
    [
      'no channel',
      () =>
        undone(change({ contactPreference: 'email', emailUndeliverableAt: new Date() }), () =>
          change({ contactPreference: 'email-text-app', emailUndeliverableAt: null }),
        ),
      /We have no way to reach you/,
      'Open your profile',
    ],
    [
      'time off',
      () =>
        undone(setAvailability({ absences: [{ from: day(0), until: day(3) }] }), () =>
          setAvailability({ absences: [] }),
        ),
      /You are on time off until \w+ \d+, \d+:00 AM MST/,
      'Hours and time off',
    ],
    [
      'switched off',
      () =>
        undone(setAvailability({ override: { state: 'off' } }), () => setAvailability({ override: null })),
      /You have switched referrals off\./,
      undefined,
    ],
    [
      'outside the weekly hours',
      () =>
        undone(
          setAvailability({ hours: { [otherDay().toLowerCase()]: [{ from: '09:00', until: '09:30' }] } }),
          () => setAvailability({ hours: {} }),
        ),
      /You are outside your weekly hours\. They begin again at/,
      'Hours and time off',
    ],
    [
      'intake is paused in all of their states',
      async () => {
        const { id } = await stack.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
        const states = new Set((await serving()).map(({ state }) => state));
        await stack.db
          .insertInto('intakePauses')
          .values(
            [...states].map((state) => ({
              id: randomUUID(),
              state,
              pausedAt: new Date(),
              pausedBy: id,
              pauseReason: 'A storm',
              notice: '{}',
            })),
          )
          .execute();
        return () =>
          stack.db
            .updateTable('intakePauses')
            .set({ resumedAt: new Date(), resumedBy: id, resumeReason: 'Over' })
            .execute();
      },
      /No new requests are taken from AZ and TX at the moment/,
      undefined,
    ],
  ])('%s', async (_, obstruct, sentence, link) => {
    const undo = await obstruct();
    const inbox = await openInbox();
    await inbox.page.getByText(sentence).waitFor();
    expect(await inbox.page.getByText('No referral is waiting for you.').count()).toBe(0);
    const links = await inbox.page.locator('.hod-inbox-offers .ds-c-alert a').allTextContents();
    expect(links).toEqual(link === undefined ? [] : [link]);
    expect(await accessibilityFaults(inbox.page)).toEqual([]);
    expect(await overflow(inbox.page)).toBe(0);
    await undo();
    await inbox.page.reload();
    await inbox.page.getByText('No referral is waiting for you.').waitFor();
    await leave(inbox);
  });

  test('resting, which one tap ends', async () => {
    const rest = { id: randomUUID(), npn: rosa.npn, beganAt: new Date(), unseenOffers: 3 };
    await stack.db.insertInto('rests').values(rest).execute();
    await change({ restingSince: rest.beganAt });
    const inbox = await openInbox();
    await inbox.page.getByText('You did not open your last offers').waitFor();
    expect(await inbox.page.getByRole('switch').count()).toBe(0);
    await inbox.page.getByRole('button', { name: 'Yes, my hours are right' }).click();
    await inbox.page.getByText('No referral is waiting for you.').waitFor();
    await untilFocusedOn(inbox.page, 'New referrals');
    expect(await inbox.page.getByRole('switch').isChecked()).toBe(true);
    await leave(inbox);
  });

  test('at capacity, and not while an offer still waits for an answer', async () => {
    const created = await askForHelp(stack.user);
    const inbox = await openInbox();
    const full = inbox.page.getByText('You have as many referrals as you can have');
    await inbox.page.getByRole('button', { name: 'Accept' }).waitFor();
    expect(await full.count()).toBe(0);
    await inbox.page.getByRole('button', { name: 'Accept' }).click();
    await full.waitFor();
    await withdraw(created);
    await inbox.page.getByText('No referral is waiting for you.').waitFor();
    await leave(inbox);
  });

  test('on hold: at once in the open inbox, and in a mail of its own; the release likewise', async () => {
    const inbox = await openInbox();
    const account = await stack.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
    const act = (action: 'hold' | 'release', reason: string) =>
      stack.db
        .transaction()
        .execute((tx) =>
          applyOpsAction(tx, { npn: rosa.npn, action, reason, accountId: account.id, at: new Date() }),
        );
    await act('hold', 'A complaint of Ms. Doe');
    await inbox.page.getByText('Our operations team has put your account on hold.').waitFor();
    expect(await accessibilityFaults(inbox.page)).toEqual([]);
    const held = await mailShown('Your Help On Demand account is on hold');
    expect(held).toContain(helpContacts.helpDesk);
    expect(held).not.toMatch(/Doe|plan year|registries/);

    await act('release', 'It was somebody else');
    await inbox.page.getByText('No referral is waiting for you.').waitFor();
    const released = await mailShown('Your hold has ended');
    expect(released).toContain('you can be offered referrals again');
    expect(released).not.toMatch(/somebody else|plan year/);
    await leave(inbox);
  });

  /** Reads a mail to the agent on the mailbox page. */
  async function mailShown(subject: string): Promise<string> {
    await stack.user.message(rosa.email, (message) => message.subject === subject);
    const context = await stack.browser.newContext();
    const page = await context.newPage();
    await page.goto(stack.mailboxUrl);
    await page.getByLabel('Search recipient or words').fill(rosa.email);
    await page.locator('#messages button', { hasText: subject }).first().click();
    const text = await page.frameLocator('iframe').locator('body').innerText();
    await context.close();
    return text;
  }
});

describe('an accepted referral is one card', () => {
  test('with the contact once, as buttons, and the time left to get in touch; both kinds of tries reach the consumer', async () => {
    const created = await askForHelp(stack.user);
    const inbox = await openInbox();
    const { page } = inbox;
    await page.getByRole('button', { name: 'Accept' }).click();
    const name = page.getByRole('heading', { name: alma.name });
    await name.waitFor();
    // the event stream may take the offer away before the answer to the acceptance comes
    await untilFocusedOn(page, alma.name);
    const card = page.getByRole('listitem').filter({ has: name });
    const buttons = await card
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => [link.textContent, link.getAttribute('href')]));
    expect(buttons).toEqual([
      ['Call (602) 555-0177', `tel:${alma.phone}`],
      ['Text (602) 555-0177', `sms:${alma.phone}`],
      [`Email ${alma.email}`, `mailto:${alma.email}`],
    ]);
    expect(await page.getByText(alma.name).count()).toBe(1);
    for (const button of await card.getByRole('link').all())
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await card.getByText(timeAfter('Contact due')).waitFor();
    expect(await card.locator('.hod-clock').textContent()).toMatch(/^(60:00|59:\d\d)$/);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);

    const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
    await consumer.page.goto(`/status/${created.id}#${created.token}`);
    await card.getByRole('button', { name: 'Left a voicemail' }).click();
    await card.getByText(/You tried once and will try again by .+\. We told the consumer\./).waitFor();
    await untilFocusedOn(page, 'Left a voicemail');
    await consumer.page.getByText(/left you a voicemail at .+ and will try again by/).waitFor();
    await stack.user.message(alma.email, ({ subject }) => subject?.endsWith('left you a voicemail') ?? false);

    await card.getByRole('button', { name: /^No answer, will try again by / }).click();
    await card.getByText('You tried 2 times').waitFor();
    await untilFocusedOn(page, /^No answer, will try again by/);
    await consumer.page.getByText(/tried to reach you at .+ and will try again by/).waitFor();
    await card.getByRole('button', { name: /^No answer/ }).click();
    await card.getByText('You have tried as often as you need to.').waitFor();
    await untilFocusedOn(page, 'Could not reach them?');
    await withdraw(created);
    await leave(inbox, consumer);
  });

  test('whose time to get in touch runs down second by second, and is told to a screen reader at milestones', async () => {
    const created = await askForHelp(stack.user);
    const inbox = await openInbox();
    const { page } = inbox;
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('Contact due').waitFor();
    await stack.db
      .updateTable('offers')
      .set({ contactDueAt: new Date(Date.now() + 6 * 60_000) })
      .where('referralId', '=', created.id)
      .execute();
    await page.clock.install();
    await page.reload();
    const clock = page.locator('.hod-clock');
    const shown = (await clock.filter({ hasText: /^5:\d\d$/ }).textContent()) ?? '';
    await clock.filter({ hasText: /^5:\d\d$/, hasNotText: shown }).waitFor();
    const spoken = page.getByText('5 minutes left to get in touch.');
    expect(await spoken.count()).toBe(0);
    await page.clock.fastForward(60_000);
    await clock.filter({ hasText: /^4:\d\d$/ }).waitFor();
    expect(await spoken.count()).toBe(1);
    expect(await clock.evaluate((element) => element.closest('[aria-hidden]') !== null)).toBe(true);
    await withdraw(created);
    await leave(inbox);
  });

  test('without a call to a consumer who wants to be written to', async () => {
    const created = await askForHelp(stack.user, { contactBy: 'email' });
    const inbox = await openInbox();
    await inbox.page.getByRole('button', { name: 'Accept' }).click();
    const card = inbox.page.getByRole('listitem').filter({ hasText: alma.name });
    await card.getByRole('link', { name: `Email ${alma.email}` }).waitFor();
    expect(await card.getByRole('link').count()).toBe(1);
    expect(await card.getByText('(602) 555-0177').isVisible()).toBe(true);
    await card.getByRole('button', { name: /^I wrote to them, will try again by / }).waitFor();
    expect(await card.getByRole('button', { name: 'Left a voicemail' }).count()).toBe(0);
    await withdraw(created);
    await leave(inbox);
  });

  test('by keyboard alone: accept, leave a voicemail, report the talk and its outcome, and never lose the focus', async () => {
    const created = await askForHelp(stack.user);
    const inbox = await openInbox({});
    const { page } = inbox;
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Accept' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: alma.name }).waitFor();
    await untilFocusedOn(page, alma.name);
    const press = async (target: ReturnType<Page['locator']>, key: 'Enter' | 'Space') => {
      await target.waitFor();
      await tabTo(page, target);
      await page.keyboard.press(key);
    };
    await press(page.getByRole('button', { name: 'Left a voicemail' }), 'Enter');
    await page.getByText('You tried once').waitFor();
    await untilFocusedOn(page, 'Left a voicemail');
    await press(page.getByLabel('Talked with the consumer'), 'Space');
    await press(page.getByRole('button', { name: 'Report', exact: true }), 'Enter');
    await page.getByText(/In touch$/).waitFor();
    await untilFocusedOn(page, /^Report$/);
    // the arrows choose within a group
    await press(page.getByLabel('Plans and prices compared'), 'Space');
    for (const _ of ['deferred', 'delayed', 'enrolled']) await page.keyboard.press('ArrowDown');
    expect(await page.getByLabel('Enrolled in a plan').isChecked()).toBe(true);
    await press(page.getByRole('button', { name: 'Report', exact: true }), 'Enter');
    await page.getByText('This referral was closed at').waitFor();
    await untilFocusedOn(page, 'Phoenix, AZ 85004');
    // the agent's offer ends first
    await untilReferralStage(stack, created, 'closed');
    await leave(inbox);
  });
});
