import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import {
  alma,
  anyConsumer,
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from '../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { englishOn } from './english-on.ts';
import { linkIn } from './links.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';
import { chooseLogIn } from './registration-form.ts';

/** Changes that mail programs and filters make to a link and that reach the service in the path. */
const manglings: [string, (link: string) => string][] = [
  ['its # encoded', (link) => link.replace('#', '%23')],
  ['its # encoded twice, and a full stop after it', (link) => `${link.replace('#', '%2523')}.`],
  [
    'its # encoded, and the query of a filter after it',
    (link) => `${link.replace('#', '%23')}?utm_source=mail`,
  ],
  ['a query before it, and a full stop after it', (link) => `${link.replace('#', '?utm_source=mail#')}.`],
  ['a query after it', (link) => `${link}?utm_source=mail&utm_medium=email`],
  ['the rest of a line break', (link) => `${link.slice(0, -20)}=%0D%0A${link.slice(-20)}`],
  [
    'an invisible character, a bracket and a text fragment',
    (link) => `${link.slice(0, -9)}\u200B${link.slice(-9)})#:~:text=Now`,
  ],
];

let stack: PortalStack;
let agents: OnboardedAgent[];
const { onboarded, invited } = newSamplePeople();
const stranger = { ...newSamplePeople().invited, email: 'cut.off@example.com' };
beforeAll(async () => {
  stack = await startPortalStack();
  await uploadFeedsNaming(stack, [...onboarded, invited, stranger]);
  agents = await onboardAgents(stack, onboarded);
}, 120_000);
afterAll(() => stack.close());

const tokenOf = (link: string) => link.slice(link.indexOf('#') + 1);

/** Opens a window that records a fault when the link's token is in an address, except in the navigation that opens the link. */
async function visitWith(link: string, options: Parameters<typeof visit>[2] = {}): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, options);
  opened.page.on('request', (request) => {
    const referer = request.headers()['referer'] ?? '';
    const isOpening = request.isNavigationRequest();
    if (referer.includes(tokenOf(link)) || (!isOpening && request.url().includes(tokenOf(link))))
      opened.faults.push(`the token was sent with ${request.method()} ${request.url()} (${referer})`);
  });
  return opened;
}

/** Closes a window and checks that it had no faults and that the token is in no log. */
async function leave({ faults, close }: Visit, link: string): Promise<void> {
  expect(faults).toEqual([]);
  expect(stack.log.join('')).not.toContain(tokenOf(link));
  await close();
}

/** Opens a mail in the mailbox page and returns the page that its link opens. */
async function openedFromMailbox(context: BrowserContext, to: string, label: string): Promise<Page> {
  const mailbox = await context.newPage();
  await mailbox.goto(stack.mailboxUrl);
  await mailbox.getByLabel('Search recipient or words').fill(to);
  await mailbox.locator('#messages button').first().click();
  const link = mailbox.frameLocator('iframe').getByRole('link', { name: label });
  const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
  return opened;
}

async function mailedOffer(created: SubmittedReferral) {
  const { agent, offer } = await nextOffer(stack, agents, created);
  const mail = await stack.user.message(agent.email, ({ text }) => text.includes(`/offer/${offer.id}#`));
  const [link = ''] = new RegExp(`https?://\\S+/offer/${offer.id}#[\\w-]+`).exec(mail.text) ?? [];
  return { agent, offer, link };
}

describe('an invitation', () => {
  test('opens from the mailbox page as it was received, also from its text', async () => {
    await stack.user.message(invited.email);
    const context = await stack.browser.newContext({ baseURL: stack.apiUrl });
    const opened = await openedFromMailbox(context, invited.email, 'Register now');
    await opened.getByText(invited.email).waitFor();
    const [mailbox] = context.pages();
    await mailbox?.getByRole('button', { name: 'Plain text' }).click();
    const inText = mailbox?.locator('.plain a[href*="/register#"]');
    expect(await inText?.first().getAttribute('href')).toBe(linkIn(await stack.user.message(invited.email)));
    await context.close();
  });

  test.each(manglings)('with %s opens the registration', async (_, mangle) => {
    const link = linkIn(await stack.user.message(invited.email));
    const user = await visitWith(link);
    await user.page.goto(mangle(link));
    await user.page.getByText(invited.email).waitFor();
    expect(user.page.url()).toBe(`${stack.apiUrl}/register`);
    await leave(user, link);
  });

  test('whose link is cut off is sent again by NPN, and that one works', async () => {
    const first = await stack.user.message(stranger.email);
    const link = linkIn(first);
    const user = await visitWith(link, { narrow: true });
    const { page } = user;
    for (const cut of ['/register', `/register%23${tokenOf(link).slice(0, 20)}`]) {
      await page.goto(cut);
      await page.getByText('The address of this page lacks the end of your link').waitFor();
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    const send = page.getByRole('button', { name: 'Send my invitation again' });
    await send.click();
    await page.getByText('Enter your NPN.').waitFor();
    await page.getByLabel('National Producer Number (NPN)').fill(stranger.npn);
    await send.click();
    await page.getByText('If there is an invitation for this NPN').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const second = await stack.user.message(stranger.email, ({ id }) => id !== first.id);
    expect(linkIn(second)).toBe(link);
    await page.goto(linkIn(second).replace('#', '%23'));
    await page.getByText(stranger.email).waitFor();
    await leave(user, link);
  });

  test('whose # was encoded twice can be used to the end', async () => {
    const link = linkIn(await stack.user.message(invited.email));
    const user = await visitWith(link);
    const { page } = user;
    await page.goto(`${link.replace('#', '%2523')}.`);
    await chooseLogIn(page, 'through.a.filter');
    await page.getByLabel('Cell phone number').fill('801-555-0129');
    await page.getByLabel('Email Only').check();
    await page.getByLabel('ZIP code').fill('84101');
    await page.getByLabel('I have read the Help On Demand Terms of Use').check();
    await page.getByRole('button', { name: 'Sign Up' }).click();
    await page.getByRole('heading', { level: 1, name: 'almost complete' }).waitFor();
    expect(page.url()).toBe(`${stack.apiUrl}/register`);
    await leave(user, link);
  });
});

describe('an offer', () => {
  test('is shown with a changed link, and accepted', async () => {
    const created = await askForHelp(stack.user);
    const { agent, link } = await mailedOffer(created);
    for (const [, mangle] of manglings) {
      const user = await visitWith(link);
      await user.page.goto(mangle(link));
      await user.page.getByRole('button', { name: 'Accept' }).waitFor();
      expect(user.page.url()).toBe(link);
      await leave(user, link);
    }
    const context = await stack.browser.newContext({ baseURL: stack.apiUrl });
    const page = await openedFromMailbox(context, agent.email, 'See the referral and answer');
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('You accepted this referral at').waitFor();
    await context.close();
    await untilReferralStage(stack, created, 'accepted');
    await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, {
      bearer: created.token,
      body: {},
    });
  });

  test.each([
    ['/offer'],
    ['/offer/0199f2b4-0000-4000-8000-000000000001'],
    ['/offer/0199f2b4-0000-4000-8000-000000000001%23cut'],
    [`/offer/0199f2b4-0000-4000-8000-000000000001#${'x'.repeat(43)}`],
  ])('%s shows what is wrong, and links to the inbox', async (path) => {
    const agent = await visit(stack.browser, stack.apiUrl, { narrow: true });
    await agent.page.goto(path);
    await agent.page.getByText('This offer is over or the link is incomplete.').waitFor();
    expect(await accessibilityFaults(agent.page)).toEqual([]);
    await agent.page.getByRole('link', { name: 'Open your inbox' }).click();
    await agent.page.getByText('Log in to see this page.').waitFor();
    expect(agent.faults).toEqual([]);
    await agent.close();
  });
});

describe('a request for help', () => {
  test('is shown with a changed link, and withdrawn', async () => {
    const { email } = anyConsumer();
    const created = await askForHelp(stack.user, { ...anyConsumer(), email });
    const link = `${stack.apiUrl}/status/${created.id}#${created.token}`;
    for (const [, mangle] of manglings) {
      const user = await visitWith(link);
      await user.page.goto(mangle(link));
      await user.page.getByRole('button', { name: 'Withdraw my request' }).waitFor();
      // the token is the key to the request, so the address keeps it
      expect(user.page.url()).toBe(link);
      await leave(user, link);
    }
    const user = await visitWith(link);
    await user.page.goto(link.replace('#', '%2523'));
    await user.page.getByRole('button', { name: 'Withdraw my request' }).click();
    await user.page.getByRole('button', { name: 'Yes, withdraw it' }).click();
    await user.page.getByText('You have withdrawn your request.').waitFor();
    await leave(user, link);
  });

  test.each([
    ['en-US', 'Phone number or email address', 'Send me the link', 'If there is an open request'],
    ['es-US', 'Teléfono o correo electrónico', 'Envíenme el enlace', 'Si hay una solicitud abierta'],
  ])('whose link is cut off can have it sent again (%s)', async (locale, label, send, sent) => {
    const { email } = anyConsumer();
    const created = await askForHelp(stack.user, { ...anyConsumer(), email });
    const link = `${stack.apiUrl}/status/${created.id}#${created.token}`;
    const user = await visitWith(link, { narrow: true, locale });
    const { page } = user;
    await page.goto(`/status/${created.id}%23${created.token.slice(0, 30)}`);
    await page.getByRole('button', { name: send }).click();
    await page.getByRole('main').getByRole('textbox').fill('nobody');
    await page.getByRole('button', { name: send }).click();
    await page.getByText('10 d').first().waitFor();
    expect(locale === 'es-US' ? await englishOn(page) : []).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByLabel(label).fill(` ${email} `);
    await page.getByRole('button', { name: send }).click();
    await page.getByText(sent).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const again = ({ subject = '' }: { subject?: string }) => /open|abierta|link|enlace/i.test(subject);
    expect(linkIn(await stack.user.message(email, again))).toBe(link);
    await page.goto(link.replace('#', '%23'));
    // in the language of the request
    await page.getByRole('heading', { level: 1, name: 'Your request for help' }).waitFor();
    await stack.user.expect('POST', `referrals/${created.id}/withdrawal`, {
      bearer: created.token,
      body: {},
    });
    await leave(user, link);
  });
});

test('a filter that opens every link and runs its scripts changes nothing', async () => {
  const created = await askForHelp(stack.user, { email: alma.email, phone: undefined });
  const { link: offer } = await mailedOffer(created);
  const links = [
    linkIn(await stack.user.message(stranger.email)),
    offer,
    `${stack.apiUrl}/status/${created.id}#${created.token}`,
  ];
  const readAll = async () => ({
    invitations: await stack.db.selectFrom('invitations').selectAll().orderBy('id').execute(),
    registrations: await stack.db.selectFrom('registrationRequests').selectAll().orderBy('id').execute(),
    offers: await stack.db.selectFrom('offers').selectAll().orderBy('id').execute(),
    referrals: await stack.db.selectFrom('referrals').selectAll().orderBy('id').execute(),
    notices: await stack.db.selectFrom('notices').select('id').orderBy('id').execute(),
    events: await stack.db.selectFrom('events').select('sequence').orderBy('sequence').execute(),
    sessions: await stack.db.selectFrom('sessions').selectAll().execute(),
    contactKeys: await stack.db.selectFrom('contactKeys').selectAll().orderBy('key').execute(),
  });
  const before = await readAll();
  for (const link of links) {
    for (const address of [link, link.replace('#', '%23')]) {
      const filter = await visitWith(link);
      const writes: string[] = [];
      filter.page.on('request', (request) => {
        if (request.method() !== 'GET') writes.push(`${request.method()} ${new URL(request.url()).pathname}`);
      });
      await filter.page.goto(address);
      await filter.page.getByRole('main').getByRole('button').first().waitFor();
      // the look-up of an invitation has its token in the body; it writes nothing
      expect(writes.filter((write) => write !== 'POST /v1/invitations/lookup')).toEqual([]);
      await leave(filter, link);
    }
  }
  expect(await readAll()).toEqual(before);
});
