import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { addAgentAccount, agentPassword } from '../agent-account.ts';
import { accessibilityFaults, overflow, visit } from '../browser.ts';
import { hasLink, linkIn } from '../links.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

const newPassword = 'Meadow!Trumpet4';
let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

async function logIn(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
}

test('an agent who forgot the password sets a new one by the link in the mail, and logs in with it', async () => {
  const { username, npn } = await addAgentAccount(stack);
  const email = `agent-${npn}@example.com`;
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto('/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { level: 1, name: 'Set a new password' }).waitFor();
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByRole('link', { name: 'Enter your username.' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('Username').fill(` ${username.toUpperCase()} `);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByRole('heading', { level: 1, name: 'Check your email' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.goto(linkIn(await stack.user.message(email, hasLink)));
  await page.getByText(`For the account ${username}.`).waitFor();
  expect(page.url()).toBe(`${stack.apiUrl}/reset-password`);
  await page.reload();
  // what a password manager needs to save the right pair, and to offer a new password
  expect(await page.locator('input[autocomplete="username"]').inputValue()).toBe(username);
  const field = page.getByLabel('New password');
  expect(await field.getAttribute('autocomplete')).toBe('new-password');
  await field.fill('Dragon-77!');
  await page.getByRole('button', { name: 'Set the new password' }).click();
  await page.getByRole('heading', { name: 'One field needs your attention' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await field.fill(newPassword);
  await page.getByRole('button', { name: 'Set the new password' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your new password is set' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click();
  await logIn(page, { username, password: newPassword });
  await page.getByRole('heading', { level: 1, name: 'Where your registration stands' }).waitFor();
  const isNews = ({ subject }: { subject?: string }) =>
    subject?.startsWith('A new password was set') === true;
  expect((await stack.user.message(email, isNews)).text).toContain('If it was not you');
  expect(faults).toEqual([]);
  await close();
});

test('a link that was used says so and leads to a new one', async () => {
  const { page, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto(`/reset-password#${'not-a-token-of-ours'.padEnd(43, 'x')}`);
  await page.getByText('The link was already used, was replaced by a newer one, or is not valid.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Send me a new link' }).click();
  await page.getByRole('heading', { level: 1, name: 'Set a new password' }).waitFor();
  await close();
});

test('an agent who is logged in changes the password where password managers lead to', async () => {
  const { username } = await addAgentAccount(stack);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  await page.goto('/.well-known/change-password');
  await logIn(page, { username, password: agentPassword });
  await page.getByRole('heading', { level: 1, name: 'Change your password' }).waitFor();
  // ten minutes later: the current password is asked for, and what was typed is kept
  await stack.db
    .updateTable('sessions')
    .set({ confirmedAt: new Date(Date.now() - 60 * 60_000) })
    .execute();
  await page.getByLabel('New password').fill(newPassword);
  await page.getByRole('button', { name: 'Change the password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill(agentPassword);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Your password is changed.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});
