import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { addAuthenticatorApp } from '../../harness/people/second-factor.ts';
import { addAgentAccount } from '../agent-account.ts';
import { accessibilityFaults, overflow } from '../browser.ts';
import { addAppOn, addOps, type OpsAccount, visitAsOps } from '../ops-account.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let admin: OpsAccount;
beforeAll(async () => {
  stack = await startPortalStack();
  admin = await addOps(stack, 'ops-admin');
});
afterAll(() => stack.close());

const reason = 'They joined the team';

/** Presses a button and gives the reason in its dialog, after `fillIn` has filled in the rest. */
async function act(
  page: Page,
  { button, name = button }: { button: string; name?: string },
  fillIn: (dialog: ReturnType<Page['getByRole']>) => Promise<void> = async () => {},
): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog', { name });
  await fillIn(dialog);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  await dialog.getByRole('button', { name, exact: true }).click();
}

const shown = (page: Page) => page.locator('code').textContent();

test('an administrator opens an account, its owner logs in, and after a deactivation is out', async () => {
  const { page, faults, close } = await visitAsOps(stack, admin, '/administration');
  await page.getByRole('heading', { level: 1, name: 'Accounts and keys' }).waitFor();
  await page.getByRole('row', { name: new RegExp(`${admin.username}.*This is you`) }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await act(page, { button: 'Open an account' }, async (dialog) => {
    await dialog.getByRole('button', { name: 'Open an account' }).click();
    await dialog.getByText('Fill in every field.').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Username' }).fill('dana.ops');
    await dialog.getByRole('radio', { name: /^Operations/ }).check();
  });
  await page.getByRole('heading', { name: 'Password of dana.ops' }).waitFor();
  const password = (await shown(page)) ?? '';
  expect(await accessibilityFaults(page)).toEqual([]);

  const dana = await visitAsOps(stack, { username: 'dana.ops', password }, '/ops');
  await dana.page.getByText('Your password was generated, and somebody else has seen it.').waitFor();
  expect(new URL(dana.page.url()).pathname).toBe('/account/password');
  expect(await accessibilityFaults(dana.page)).toEqual([]);
  await dana.page.getByLabel('New password').fill('Meadow!Trumpet4');
  await dana.page.getByRole('button', { name: 'Change the password' }).click();
  await addAppOn(dana.page);
  await dana.page.getByRole('link', { name: 'Go on' }).click();
  await dana.page.getByRole('heading', { level: 1, name: 'Onboarding of agents' }).waitFor();
  expect(await dana.page.getByRole('link', { name: 'Accounts and keys' }).count()).toBe(0);
  await dana.page.goto('/administration');
  await dana.page.getByText('This page is for administrators.').waitFor();

  await act(page, { button: 'Deactivate dana.ops', name: 'Deactivate' });
  await page.getByText('The account is deactivated.').waitFor();
  expect(await page.locator('code').count()).toBe(0);
  await page.getByRole('row', { name: /dana\.ops.*Deactivated/ }).waitFor();
  await dana.page.goto('/ops');
  await dana.page.getByText('Log in to see this page.').waitFor();
  expect([...faults, ...dana.faults]).toEqual([]);
  await dana.close();
  await close();
});

test('an administrator removes the second factors of an agent who has lost them; others are not offered that', async () => {
  const { npn, accountId } = await addAgentAccount(stack);
  await addAuthenticatorApp(stack.db, { accountId, linkSecret: stack.linkSecret });
  const path = `/ops/agents/${npn}`;
  const { page, faults, close } = await visitAsOps(stack, admin, path);
  await act(page, { button: 'Remove second factors' });
  await page.getByText('The account has no second factor any more.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('cell', { name: /^Password, passkey or second factor changed/ }).waitFor();
  const apps = stack.db.selectFrom('authenticatorApps').select('keyId').where('accountId', '=', accountId);
  expect(await apps.execute()).toEqual([]);
  const ops = await visitAsOps(stack, await addOps(stack, 'ops'), path);
  await ops.page.getByRole('heading', { name: 'What happened with this account' }).waitFor();
  expect(await ops.page.getByRole('button', { name: 'Remove second factors' }).count()).toBe(0);
  expect([...faults, ...ops.faults]).toEqual([]);
  await ops.close();
  await close();
});

test('on a phone, a key is created, rotated and revoked, and its secret is shown once', async () => {
  const { page, faults, close } = await visitAsOps(stack, admin, '/administration', { narrow: true });
  await act(page, { button: 'Create a key' }, async (dialog) => {
    await dialog.getByRole('textbox', { name: 'System' }).fill('MLMS export');
    await dialog.getByRole('checkbox', { name: 'Training completions' }).check();
    expect(await overflow(page)).toBe(0);
  });
  await page.getByRole('heading', { name: 'Secret of MLMS export' }).waitFor();
  const first = await shown(page);
  expect(first).toMatch(/^hod_feeds_[\w-]{43}$/);
  expect(await overflow(page)).toBe(0);

  await act(page, { button: 'Rotate MLMS export', name: 'Rotate' });
  await page.getByText('The key has a new secret.').waitFor();
  expect(await shown(page)).not.toBe(first);
  await page.getByText('an earlier secret works until').waitFor();

  await act(page, { button: 'Revoke MLMS export', name: 'Revoke' });
  await page.getByText('The key is revoked.').waitFor();
  await page.getByText(/^Revoked /).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});

test('where the answer with a secret is lost, the page says how to get another one', async () => {
  const { page, close } = await visitAsOps(stack, admin, '/administration');
  await page.route('**/v1/ops/feed-keys', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await route.fetch();
    return route.abort();
  });
  await act(page, { button: 'Create a key' }, async (dialog) => {
    await dialog.getByRole('textbox', { name: 'System' }).fill('NIPR export');
    await dialog.getByRole('checkbox', { name: 'Licenses' }).check();
  });
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  await dialog.getByText('if the key is there, rotate it for a new secret.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).last().click();
  await act(page, { button: 'Rotate NIPR export', name: 'Rotate' });
  await page.getByText('The key has a new secret.').waitFor();
  expect(await shown(page)).toMatch(/^hod_feeds_[\w-]{43}$/);
  await close();
});

test('an auditor is told where the records are', async () => {
  const auditor = await addOps(stack, 'auditor');
  const { page, faults, close } = await visitAsOps(stack, auditor, '/ops');
  await page.getByText('Your account reads the records of this service').waitFor();
  await page.getByRole('link', { name: 'Documentation of the API' }).waitFor();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('region', { name: 'Where you are logged in' }).getByText('(this device)').waitFor();
  await page.waitForLoadState('networkidle');
  // no page of theirs asks for what auditors may not have
  const refused = stack.db
    .selectFrom('securityEvents')
    .innerJoin('accounts', 'accounts.id', 'accountId')
    .select('detail')
    .where('username', '=', auditor.username)
    .where('kind', '=', 'access-refused');
  expect([await refused.execute(), faults]).toEqual([[], []]);
  await close();
});
