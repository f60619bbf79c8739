import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { accessibilityFaults, boxesOf, overflow, untilFocused, type Visit, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

const password = 'Harbor!Lantern7';

/** Adds a registered agent, licensed in Arizona and Texas, who wants Arizona and Utah. */
async function seedAgent(): Promise<{ npn: string; email: string; username: string }> {
  const npn = `${randomInt(100_000_000, 999_999_999)}`;
  const [at, username, email] = [new Date(), `agent.${npn}`, `agent-${npn}@example.com`];
  await seedEvidence(stack.db, { npn, planYear: 2027, states: ['AZ', 'TX'] });
  const chosen = { languages: ['en', 'fa'], statesWanted: ['AZ', 'UT'] };
  const contact = { phone: '+16025550142', contactPreference: 'email-text', zip: '85004', registeredAt: at };
  await stack.db
    .insertInto('agents')
    .values({ npn, firstName: 'Ada', lastName: 'Alder', email, syncedAt: at, ...chosen, ...contact })
    .execute();
  await stack.db
    .insertInto('onboardings')
    .values({ npn, planYear: 2027, since: at, createdAt: at })
    .execute();
  const passwordHash = await hash(password, { memoryCost: 1024, timeCost: 1 });
  await stack.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash, role: 'agent', npn, createdAt: at })
    .execute();
  return { npn, email, username };
}

async function openProfile(username: string, how: { narrow?: boolean } = {}): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, how);
  const { page } = opened;
  await page.goto('/profile');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your profile' }).waitFor();
  await page.getByRole('checkbox', { name: 'Arizona' }).waitFor();
  return opened;
}

test('an agent sees the source of each part of the profile, and changes their own fields', async () => {
  const { email, username } = await seedAgent();
  const { page, faults, close } = await openProfile(username);
  const identity = page.getByRole('region', { name: 'From your MLMS profile' });
  for (const fact of ['Ada', 'Alder', email]) await identity.getByText(fact, { exact: true }).waitFor();
  expect(await identity.getByRole('link').getAttribute('href')).toBe('https://portal.cms.gov');
  expect(await identity.getByRole('textbox').count()).toBe(0);

  const language = (name: string) => page.getByText(name, { exact: true }).first();
  const { english, spanish } = await boxesOf(page, {
    english: language('English'),
    spanish: language('Spanish'),
  });
  expect(spanish.top).toBe(english.top);
  const state = (name: string) => page.getByRole('checkbox', { name });
  expect([await state('Arizona').isChecked(), await state('Texas').isChecked()]).toEqual([true, false]);
  // the state is from the feed: it stays, marked as not served
  expect([await state('Utah').isChecked(), await state('Utah').isEnabled()]).toEqual([true, true]);
  await page.getByText('Not served at the moment. We have no license of yours for this state').waitFor();
  expect(await state('Florida').count()).toBe(0);
  await page.getByText('26 more states, and why you cannot choose them').click();
  // each reason once, with its states
  expect(await page.getByText('We have no license of yours for this state').count()).toBe(2);
  await page.getByRole('definition').filter({ hasText: 'Alabama, Alaska, ' }).getByText('Florida').waitFor();
  expect(await state('Florida').count()).toBe(0);
  expect(await state('California').count()).toBe(0);
  await page.getByText('Your time zone, from your ZIP code: America/').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await state('Texas').check();
  await state('Utah').uncheck();
  await page.getByLabel('Cell phone number').fill('+1 500 555 0199');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'One field needs your attention' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('Cell phone number').fill('(602) 555-0177');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Your profile is saved.');
  expect(await state('Utah').count()).toBe(0);
  await page.getByRole('heading', { name: 'Confirm your phone' }).waitFor();
  await page.reload();
  await page.getByRole('checkbox', { name: 'Texas', checked: true }).waitFor();
  expect(await page.getByLabel('Cell phone number').inputValue()).toBe('(602) 555-0177');
  expect(faults).toEqual([]);
  await close();
});

test('without a language nothing can be offered, and the page says so, also on a phone', async () => {
  const { username } = await seedAgent();
  const { page, faults, close } = await openProfile(username, { narrow: true });
  await page.getByRole('checkbox', { name: 'English' }).uncheck();
  await page.getByRole('checkbox', { name: 'Persian' }).uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('You have chosen no language.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('checkbox', { name: 'Spanish' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('You have chosen no language.').waitFor({ state: 'hidden' });
  expect(faults).toEqual([]);
  await close();
});

test('an agent leaves on the account page after a confirmation, and can still read', async () => {
  const { npn, username } = await seedAgent();
  const { page, faults, close } = await openProfile(username);
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Leave Help On Demand…' }).click();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Do you want to leave?');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'No, stay' }).click();
  await untilFocused(page);
  await page.getByRole('button', { name: 'Leave Help On Demand…' }).click();
  await page.getByLabel('I no longer sell health coverage').check();
  await page.getByRole('button', { name: 'Yes, leave' }).click();
  await page.getByText('You have left Help On Demand').first().waitFor();
  await untilFocused(page);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByText('You have left Help On Demand').first().waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  const { leftBecause } = await stack.db
    .selectFrom('agents')
    .select('leftBecause')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  expect(leftBecause).toBe('agent');
  expect(faults).toEqual([]);
  await close();
});

test('an agent who cannot log in has the username sent, and the page reveals nothing', async () => {
  const { npn, email, username } = await seedAgent();
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your username or never got an invitation?' }).click();
  await page.getByRole('button', { name: 'Send me an email' }).click();
  await page.getByRole('heading', { name: '2 fields need your attention' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);

  const sent = page.getByRole('heading', { level: 1, name: 'Check your email' });
  await page.getByLabel('National Producer Number (NPN)').fill(npn);
  await page.getByLabel('My username, and where to log in').check();
  await page.getByRole('button', { name: 'Send me an email' }).click();
  await sent.waitFor();
  const answer = await page.getByRole('main').textContent();
  expect(answer).toContain('spam folder');
  expect(answer).toContain('FFMProducer-AssisterHelpDesk@cms.hhs.gov');
  expect(answer).not.toContain(email);
  expect(await accessibilityFaults(page)).toEqual([]);
  const mail = await stack.user.message(email, ({ text }) => text.includes('Your username is'));
  expect(mail.text).toContain(username);

  await page.goto('/log-in-help');
  await page.getByLabel('National Producer Number (NPN)').fill('999999999');
  await page.getByLabel('Why I have no invitation').check();
  await page.getByRole('button', { name: 'Send me an email' }).click();
  await sent.waitFor();
  expect(await page.getByRole('main').textContent()).toBe(answer);
  expect(faults).toEqual([]);
  await close();
});
