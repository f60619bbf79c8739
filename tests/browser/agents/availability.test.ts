import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAcceptedTerms } from '../../harness/people/fixtures.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { accessibilityFaults, overflow, untilFocused, type Visit, visit } from '../browser.ts';
import { linkIn } from '../links.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

const password = 'Harbor!Lantern7';

/** Adds a registered agent in Phoenix. */
async function seedAgent(): Promise<{ npn: string; username: string }> {
  const npn = `${randomInt(100_000_000, 999_999_999)}`;
  const [at, username] = [new Date(), `agent.${npn}`];
  await seedEvidence(stack.db, { npn, planYear: 2027, states: ['AZ'] });
  await stack.db
    .insertInto('agents')
    .values({
      npn,
      firstName: 'Ada',
      lastName: 'Alder',
      email: `agent-${npn}@example.com`,
      syncedAt: at,
      languages: ['en'],
      statesWanted: ['AZ'],
      phone: '+16025550142',
      contactPreference: 'email',
      zip: '85004',
      timeZone: 'America/Phoenix',
      registeredAt: at,
    })
    .execute();
  await stack.db
    .insertInto('onboardings')
    .values({ npn, planYear: 2027, stage: 'active', since: at, createdAt: at })
    .execute();
  const passwordHash = await hash(password, { memoryCost: 1024, timeCost: 1 });
  await stack.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash, role: 'agent', npn, createdAt: at })
    .execute();
  await seedAcceptedTerms(stack.db, npn);
  return { npn, username };
}

async function open(path: string, username: string, how: { narrow?: boolean } = {}): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, how);
  await opened.page.goto(path);
  await opened.page.getByLabel('Username').fill(username);
  await opened.page.getByLabel('Password').fill(password);
  await opened.page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  return opened;
}

async function isAvailable(npn: string): Promise<boolean> {
  const now = new Date();
  const row = await stack.db
    .selectFrom('agents')
    .select('npn')
    .where('npn', '=', npn)
    .where('availableFrom', '<=', now)
    .where('availableUntil', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

test('the switch on the inbox page takes effect at once, and the hours can decide again', async () => {
  const { npn, username } = await seedAgent();
  const { page, faults, close } = await open('/inbox', username);
  const section = page.getByRole('region', { name: 'Are you available?' });
  const toggle = section.getByRole('switch', { name: 'Referrals' });
  await section.getByText('On', { exact: true }).waitFor();
  expect(await toggle.isChecked()).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);

  await section.getByText('Options').click();
  await section.getByLabel('For how long?').selectOption('For 1 hour');
  await toggle.click();
  await section.getByText(/^Off until .+$/).waitFor();
  expect([await toggle.isChecked(), await isAvailable(npn)]).toEqual([false, false]);
  expect(await accessibilityFaults(page)).toEqual([]);
  await section.getByRole('button', { name: 'Go back to my weekly hours' }).click();
  await section.getByText('On', { exact: true }).waitFor();
  expect(await isAvailable(npn)).toBe(true);
  expect(faults).toEqual([]);
  await close();
});

test('opening the link of a test offer answers nothing; its button does, while the test runs', async () => {
  const { npn, username } = await seedAgent();
  const own = await open('/availability', username);
  await own.page.getByRole('button', { name: 'Send me a test offer' }).click();
  const mail = await stack.user.message(`agent-${npn}@example.com`, ({ text }) =>
    text.includes('/test-offer/'),
  );
  const tests = stack.db.selectFrom('testOffers').where('npn', '=', npn);
  const answers = () =>
    stack.db
      .selectFrom('testOfferAnswers')
      .select('channel')
      .where('testOfferId', 'in', tests.select('id'))
      .execute();
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  const button = page.getByRole('button', { name: 'Yes, it has arrived' });
  await page.goto(linkIn(mail));
  await button.waitFor();
  expect(await answers()).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);

  const { expiresAt } = await tests.select('expiresAt').executeTakeFirstOrThrow();
  const setEnd = (end: Date) =>
    asOwner(stack, `update test_offers set expires_at = '${end.toISOString()}' where npn = '${npn}'`);
  await setEnd(new Date());
  await button.click();
  await page.getByText('This test is over, so your answer does not count.').waitFor();
  expect(await answers()).toEqual([]);
  await setEnd(expiresAt);
  // it may have read that the test was over, and reads no more
  await own.page.reload();
  await own.page.getByRole('button', { name: 'Send me a test offer' }).waitFor();
  await page.goto('about:blank');
  await page.goto(linkIn(mail));
  await button.click();
  await page.getByText('Your test has arrived.').waitFor();
  expect(await answers()).toEqual([{ channel: 'email' }]);
  await own.page.getByText(/^answered at /).waitFor();
  expect([...faults, ...own.faults]).toEqual([]);
  await close();
  await own.close();
});

test('weekly hours are entered day by day; an error is shown at its field', async () => {
  const { username } = await seedAgent();
  const { page, faults, close } = await open('/profile', username);
  const link = page.getByRole('navigation').getByRole('link', { name: 'Availability' });
  await link.click();
  await page.getByRole('heading', { level: 1, name: 'Your availability' }).waitFor();
  expect(await link.getAttribute('aria-current')).toBe('page');
  await page.getByText('(America/Phoenix)').waitFor();
  await page.getByText('You have set no hours: you are available at any time.').waitFor();

  const add = async (weekday: string, from: string, until: string, number = 1) => {
    await page.getByRole('button', { name: `Add hours on ${weekday}` }).click();
    await page.getByLabel(`${weekday}, hours ${number}: From`).fill(from);
    await page.getByLabel(`${weekday}, hours ${number}: Until`).fill(until);
  };
  await page.getByRole('button', { name: 'Add hours on Monday' }).click();
  expect(await page.getByLabel('Monday, hours 1: From').inputValue()).toBe('09:00');
  expect(await page.getByLabel('Monday, hours 1: Until').inputValue()).toBe('17:00');
  await page.getByRole('button', { name: 'Copy Monday to Tuesday–Friday' }).click();
  await page.getByText('Tuesday to Friday now have Monday’s hours.').waitFor();
  await add('Tuesday', '16:00', '18:00', 2);
  await add('Saturday', '22:00', '00:00');
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByRole('heading', { name: 'One field needs your attention' }).waitFor();
  await page.getByText('Tuesday, hours 2: This overlaps something that you have entered already.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove Tuesday, hours 2' }).click();
  expect(await page.getByText('This overlaps something').count()).toBe(0);
  await untilFocused(page);
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Your weekly hours are saved.').waitFor();
  await untilFocused(page);
  await page.reload();
  expect(await page.getByLabel('Friday, hours 1: Until').inputValue()).toBe('17:00');
  expect(await page.getByLabel('Saturday, hours 1: Until').inputValue()).toBe('00:00');
  await page.getByText('Your weekly hours decide.').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('the summary of errors of one form goes once the other is used, also on a phone', async () => {
  const { username } = await seedAgent();
  const { page, faults, close } = await open('/availability', username, { narrow: true });
  await page.getByRole('button', { name: 'Add hours on Sunday' }).click();
  await page.getByLabel('Sunday, hours 1: Until').fill('');
  await page.getByRole('button', { name: 'Save the hours' }).click();
  const hours = page.getByRole('heading', { name: 'One field needs your attention' });
  await hours.waitFor();
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'Add time off' }).click();
  const timeOff = page.getByRole('heading', { name: '2 fields need your attention' });
  await timeOff.waitFor();
  expect(await hours.count()).toBe(0);
  await untilFocused(page);
  await page.getByLabel('Sunday, hours 1: Until').fill('18:00');
  await timeOff.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await close();
});

test('time off is added and removed, also on a phone', async () => {
  const { username } = await seedAgent();
  const { page, faults, close } = await open('/availability', username, { narrow: true });
  const section = page.getByRole('region', { name: 'Time off' });
  await section.getByRole('button', { name: 'Add time off' }).click();
  await page.getByRole('heading', { name: '2 fields need your attention' }).waitFor();
  await section.getByLabel('First day').fill('2027-02-10');
  await section.getByLabel('Last day').fill('2027-02-08');
  await section.getByRole('button', { name: 'Add time off' }).click();
  await section.getByText('The last day is before the first.').first().waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await section.getByLabel('Last day').fill('2027-02-12');
  await section.getByRole('button', { name: 'Add time off' }).click();
  await section.getByText('February 10, 2027 through February 12, 2027').first().waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await section.getByRole('button', { name: /^Remove February/ }).click();
  await section.getByText('You have no time off planned.').waitFor();
  await untilFocused(page);
  expect(faults).toEqual([]);
  await close();
});
