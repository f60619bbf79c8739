import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seedTermination } from '../../harness/people/evidence-fixtures.ts';
import { seedDelivery } from '../../harness/people/fixtures.ts';
import { addAgentAccount } from '../agent-account.ts';
import { accessibilityFaults, overflow, untilFocused, type Visit, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

interface Account {
  npn: string;
  username: string;
  password: string;
}

async function open(path: string, account: Account, how: { narrow?: boolean } = {}): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, how);
  await opened.page.goto(path);
  await logIn(opened.page, account);
  return opened;
}

async function logIn(page: Page, { username, password }: Account): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out', exact: true }).waitFor();
}

test('an open inbox of an agent who is terminated for cause becomes the page that says why, by itself', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await open('/inbox', account);
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  await seedTermination(stack.db, { npn: account.npn, status: 'T3', datedOn: '2026-11-02' });
  await page.getByRole('heading', { name: 'The Marketplace has ended your agreement' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/onboarding');
  await page.getByText('Status T3').waitFor();
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Checklist']);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.goto('/profile');
  await page.getByRole('heading', { name: 'The Marketplace has ended your agreement' }).waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Help with health coverage' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('pages of an agent who is terminated ask for nothing that they may not have', async () => {
  const account = await addAgentAccount(stack);
  await seedTermination(stack.db, { npn: account.npn, status: 'T3', datedOn: '2026-11-02' });
  const { page, faults, close } = await open('/inbox', account);
  await page.getByRole('heading', { name: 'The Marketplace has ended your agreement' }).waitFor();
  await page.waitForLoadState('networkidle');
  const refused = stack.db
    .selectFrom('securityEvents')
    .innerJoin('accounts', 'accounts.id', 'accountId')
    .select('detail')
    .where('npn', '=', account.npn)
    .where('kind', '=', 'access-refused');
  expect([await refused.execute(), faults]).toEqual([[], []]);
  await close();
});

test('a change of the phone asks for the password after a while, and saves what was typed', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await open('/profile', account);
  await page.getByLabel('Cell phone number').fill('(602) 555-0177');
  await page.getByLabel('ZIP code').fill('85281');
  await stack.db
    .updateTable('sessions')
    .set({ confirmedAt: new Date(Date.now() - 11 * 60_000) })
    .execute();
  const dialog = page.getByRole('dialog', { name: 'Is it you?' });
  const save = () => page.getByRole('button', { name: 'Save' }).click();

  await save();
  await dialog.getByRole('button', { name: 'Cancel' }).last().click();
  await page.getByText('Nothing was saved, because the password was not confirmed.').waitFor();

  await save();
  await dialog.getByLabel('Password').fill('Wrong!Word9');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText('The password is wrong.').waitFor();
  await untilFocused(page);
  expect(await dialog.getByLabel('Password').inputValue()).toBe('Wrong!Word9');
  await dialog.getByRole('button', { name: 'Show password' }).click();
  expect(await dialog.getByLabel('Password').getAttribute('type')).toBe('text');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByLabel('Password').fill(account.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  expect(await page.getByLabel('Cell phone number').inputValue()).toBe('(602) 555-0177');
  const { phone, zip } = await stack.db
    .selectFrom('agents')
    .select(['phone', 'zip'])
    .where('npn', '=', account.npn)
    .executeTakeFirstOrThrow();
  expect([phone, zip]).toEqual(['+16025550177', '85281']);
  expect(faults).toEqual([]);
  await close();
});

test('people see where they are logged in and what happened, and log out elsewhere', async () => {
  const account = await addAgentAccount(stack);
  const elsewhere = await open('/inbox', account);
  const { page, faults, close } = await open('/account', account);
  const devices = page.getByRole('region', { name: 'Where you are logged in' });
  await devices.getByText('(this device)').waitFor();
  expect(await devices.getByRole('row').count()).toBe(3);
  await page
    .getByRole('region', { name: 'What happened with this account' })
    .getByText('Logged in')
    .first()
    .waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await devices.getByRole('button', { name: 'Log out everywhere else' }).click();
  await devices.getByText('It can take a few seconds').waitFor();
  await untilFocused(page);
  await elsewhere.page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  expect(faults).toEqual([]);
  await elsewhere.close();
  await close();
});

test('the account page has the ways to log in and the channels with what came of them, also on a phone', async () => {
  const account = await addAgentAccount(stack);
  const { npn } = account;
  await stack.db
    .updateTable('agents')
    .set({ contactPreference: 'email-text', emailUndeliverableAt: new Date() })
    .where('npn', '=', npn)
    .execute();
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);
  const messages = [
    { channel: 'text', status: 'delivered', at: daysAgo(9) },
    { channel: 'text', status: 'refused', at: daysAgo(8) },
    { channel: 'text', status: 'refused', at: daysAgo(7) },
    { channel: 'text', status: 'refused', at: daysAgo(6) },
    { channel: 'email', status: 'bounced', at: daysAgo(6) },
  ] as const;
  const dayOf = (at: Date) =>
    new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'America/Denver' }).format(
      at,
    );
  for (const message of messages) await seedDelivery(stack.db, { npn, ...message });
  const { page, faults, close } = await open('/account', account, { narrow: true });
  const channels = page.getByRole('region', { name: 'How we reach you' });
  const channel = (name: string) =>
    channels.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const text = channel('Text messages');
  await text.getByText(/Failing$/).waitFor();
  await text.getByText(`Last delivered at ${dayOf(messages[0].at)}`).waitFor();
  await text.getByText(`Your phone rejected 3 texts, the last one at ${dayOf(messages[3].at)}`).waitFor();
  await text.getByText('ask your carrier whether it blocks our texts').waitFor();
  const email = channel('Email');
  await email.getByText(/Not working$/).waitFor();
  await email.getByText(`One email came back, at ${dayOf(messages[4].at)}`).waitFor();
  await email.getByText('Correct it in your MLMS profile').waitFor();
  await channel('App notifications')
    .getByText(/Not chosen$/)
    .waitFor();

  const ways = page.getByRole('region', { name: 'How you log in' });
  await ways.getByText('Passkeys', { exact: true }).waitFor();
  await ways.getByRole('link', { name: 'Change your password' }).waitFor();
  await page.getByRole('button', { name: 'Leave Help On Demand…' }).waitFor();
  const current = page.getByRole('navigation').locator('[aria-current="page"]');
  expect(await current.allInnerTexts()).toEqual(['Account']);
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  await ways.getByRole('link', { name: 'Change your password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Change your password' }).waitFor();
  expect(await current.allInnerTexts()).toEqual(['Account']);
  expect(faults).toEqual([]);
  await close();
});
