import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { nextCode } from '../../harness/people/second-factor.ts';
import { addAgentAccount } from '../agent-account.ts';
import { accessibilityFaults, overflow, visit } from '../browser.ts';
import { addOps } from '../ops-account.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';
import { addDevice } from '../virtual-device.ts';

let stack: PortalStack;
beforeAll(async () => {
  // a browser makes passkeys for names alone, not for IP addresses
  stack = await startPortalStack({}, 'localhost');
});
afterAll(() => stack.close());

const main = (page: Page) => page.getByRole('main');
const section = (page: Page, name: string) => page.getByRole('region', { name });

async function logInByPassword(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await main(page).getByRole('button', { name: 'Log in' }).click();
}

/** Logs out, and waits for it: a page that is opened sooner is still that of a person who is logged in. */
async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Agent log in' }).waitFor();
}

test('an agent adds a passkey, logs in with it without a username, renames and removes it', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  const device = await addDevice(page);
  // a browser that suggests none, so that nothing but the button logs in
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await page.goto('/account/security');
  await logInByPassword(page, account);
  const passkeys = section(page, 'Passkeys');
  await passkeys.getByText('You have no passkey.').waitFor();

  await device.recognize(false);
  await passkeys.getByLabel('Name of the passkey').fill('Laptop');
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByText('Your device did not finish.').waitFor();
  await device.recognize(true);
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByRole('cell', { name: 'Laptop' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const [credential] = await device.credentials();
  expect(credential).toMatchObject({ isResidentCredential: true, rpId: 'localhost' });
  expect(Buffer.from(credential?.userHandle ?? '', 'base64').toString()).not.toContain(account.npn);
  await passkeys.getByRole('button', { name: 'Add a passkey' }).waitFor();

  await logOut(page);
  await page.goto('/login');
  await main(page).getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL('**/onboarding');

  await page.goto('/account');
  await page.getByRole('link', { name: 'Passkeys, authenticator app and recovery codes' }).click();
  await passkeys.getByRole('button', { name: 'Rename' }).click();
  await passkeys.getByLabel('Name of the passkey').fill('Work laptop');
  await passkeys.getByRole('button', { name: 'Save the name' }).click();
  await passkeys.getByRole('cell', { name: 'Work laptop' }).waitFor();
  await passkeys.getByRole('button', { name: 'Remove' }).click();
  await passkeys.getByText('You have no passkey.').waitFor();
  await logOut(page);
  await page.goto('/login');
  await main(page).getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('The passkey was not accepted').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a passkey that the username field suggests logs in', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto('/account/security');
  await logInByPassword(page, account);
  const passkeys = section(page, 'Passkeys');
  const device = await addDevice(page);
  await passkeys.getByLabel('Name of the passkey').fill('Laptop');
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByRole('cell', { name: 'Laptop' }).waitFor();
  await logOut(page);
  await page.goto('/login');
  // the device answers for the person who would choose the suggestion
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  expect((await device.credentials())[0]?.signCount).toBeGreaterThan(1);
  expect(faults).toEqual([]);
  await close();
});

test('passkeys are suggested for as long as the page is open', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  await page.clock.install();
  await page.goto('/account/security');
  await logInByPassword(page, account);
  const passkeys = section(page, 'Passkeys');
  const device = await addDevice(page);
  await passkeys.getByLabel('Name of the passkey').fill('Laptop');
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByRole('cell', { name: 'Laptop' }).waitFor();
  await device.touch(false);
  await logOut(page);
  const begun = () => page.waitForResponse((answer) => answer.url().endsWith('/passkeys/log-in-options'));
  const [first] = await Promise.all([begun(), page.goto('/login')]);
  expect(first.status()).toBe(200);
  // five minutes later the service has forgotten what it asked for then
  await stack.db.deleteFrom('passkeyChallenges').execute();
  await device.touch(true);
  await Promise.all([begun(), page.clock.fastForward('04:01')]);
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a passkey answers the question for the password', async () => {
  const account = await addAgentAccount(stack);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto('/account/security');
  await logInByPassword(page, account);
  const passkeys = section(page, 'Passkeys');
  await passkeys.getByText('You have no passkey.').waitFor();
  await addDevice(page);
  await passkeys.getByLabel('Name of the passkey').fill('Laptop');
  await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys.getByRole('cell', { name: 'Laptop' }).waitFor();
  await stack.db
    .updateTable('sessions')
    .set({ confirmedAt: new Date(Date.now() - 11 * 60_000) })
    .execute();
  await passkeys.getByRole('button', { name: 'Remove' }).click();
  await page
    .getByRole('dialog', { name: 'Is it you?' })
    .getByRole('button', { name: 'Use a passkey' })
    .click();
  await passkeys.getByText('You have no passkey.').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('ops without a second factor add an authenticator app first, and log in with its codes', async () => {
  const account = await addOps(stack, 'ops', { secondFactor: false });
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto('/ops');
  await logInByPassword(page, account);
  await page.getByText('You can use it once it has one of the two.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/account/security');
  const app = section(page, 'Authenticator app');
  await app.getByRole('button', { name: 'Add an authenticator app' }).click();
  const picture = app.getByRole('img', { name: 'QR code with the secret' });
  await picture.waitFor();
  const secret = (await app.getByRole('definition').innerText()).replaceAll(' ', '');
  expect(await app.getByRole('link').getAttribute('href')).toContain(`secret=${secret}`);
  expect([await accessibilityFaults(page), await overflow(page)]).toEqual([[], 0]);
  await app.getByLabel('Code of the app').fill(await nextCode(secret));
  await app.getByRole('button', { name: 'Turn it on' }).click();
  await app.getByRole('button', { name: 'I have saved them' }).waitFor();
  const codes = await app.getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  expect(await accessibilityFaults(page)).toEqual([]);
  await app.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByRole('link', { name: 'Go on' }).click();
  await page.waitForURL('**/ops');

  await logOut(page);
  await page.goto('/login');
  await logInByPassword(page, account);
  await page.getByLabel('Code').fill(await nextCode(secret));
  expect(await accessibilityFaults(page)).toEqual([]);
  await main(page).getByRole('button', { name: 'Log in' }).click();
  await logOut(page);
  await page.goto('/login');
  await logInByPassword(page, account);
  await page.getByLabel('Code').fill('000000');
  await main(page).getByRole('button', { name: 'Log in' }).click();
  await page.getByText('The code is wrong, or was used before.').first().waitFor();
  await page.getByLabel('Code').fill(codes[0] ?? '');
  await main(page).getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});
