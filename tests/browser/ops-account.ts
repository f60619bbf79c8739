import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { Page } from 'playwright-core';
import type { OpsRole } from '../../domain/accounts/roles.ts';
import { addAuthenticatorApp, nextCode } from '../harness/people/second-factor.ts';
import { type Visit, visit } from './browser.ts';
import type { PortalStack } from './portal-stack.ts';

export interface OpsAccount {
  username: string;
  password: string;
  /** Secret of the authenticator app; undefined if there is none. */
  totpSecret?: string | undefined;
}

/** Adds an account that is not of an agent. */
export async function addOps(
  { db, linkSecret }: Pick<PortalStack, 'db' | 'linkSecret'>,
  role: OpsRole = 'ops',
  { secondFactor = true } = {},
): Promise<OpsAccount> {
  const accountId = randomUUID();
  const account = { username: `ops-${accountId}`, password: 'Harbor!Lantern7' };
  await db
    .insertInto('accounts')
    .values({
      id: accountId,
      username: account.username,
      passwordHash: await hash(account.password),
      role,
      createdAt: new Date(),
    })
    .execute();
  const totpSecret = secondFactor ? await addAuthenticatorApp(db, { accountId, linkSecret }) : undefined;
  return { ...account, totpSecret };
}

/** Opens a page that requires a log-in, and logs in. */
export async function visitAsOps(
  { browser, apiUrl }: Pick<PortalStack, 'browser' | 'apiUrl'>,
  account: OpsAccount,
  path: string,
  options: { narrow?: boolean } = {},
): Promise<Visit> {
  const window = await visit(browser, apiUrl, options);
  const { page } = window;
  await page.goto(path);
  await page.getByText('Log in to see this page.').waitFor();
  await logInWithCode(page, account);
  return window;
}

/** Fills in the form to log in, and the code that it then asks for if the account has an authenticator app. */
export async function logInWithCode(
  page: Page,
  { username, password, totpSecret }: { username: string; password: string; totpSecret?: string | undefined },
): Promise<void> {
  const logIn = page.getByRole('main').getByRole('button', { name: 'Log in' });
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await logIn.click();
  if (totpSecret === undefined) return;
  await page.getByLabel('Code').fill(await nextCode(totpSecret));
  await logIn.click();
}

/** Adds an authenticator app on the page that asks for a second factor. @returns its secret, and the recovery codes */
export async function addAppOn(page: Page): Promise<{ secret: string; recoveryCodes: string[] }> {
  await page.getByText('You can use it once it has one of the two.').waitFor();
  const app = page.getByRole('region', { name: 'Authenticator app' });
  await app.getByRole('button', { name: 'Add an authenticator app' }).click();
  await app.getByRole('img', { name: 'QR code with the secret' }).waitFor();
  const secret = (await app.getByRole('definition').innerText()).replaceAll(' ', '');
  await app.getByLabel('Code of the app').fill(await nextCode(secret));
  await app.getByRole('button', { name: 'Turn it on' }).click();
  const saved = app.getByRole('button', { name: 'I have saved them' });
  await saved.waitFor();
  const recoveryCodes = await app.getByRole('listitem').allInnerTexts();
  await saved.click();
  return { secret, recoveryCodes };
}
