import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { OpsRole } from '../../domain/accounts/roles.ts';
import { type Visit, visit } from './browser.ts';
import type { PortalStack } from './portal-stack.ts';

export interface OpsAccount {
  username: string;
  password: string;
}

/** Adds an account that is not of an agent. */
export async function addOps({ db }: Pick<PortalStack, 'db'>, role: OpsRole = 'ops'): Promise<OpsAccount> {
  const account = { username: `ops-${randomUUID()}`, password: 'Harbor!Lantern7' };
  await db
    .insertInto('accounts')
    .values({
      id: randomUUID(),
      username: account.username,
      passwordHash: await hash(account.password),
      role,
      createdAt: new Date(),
    })
    .execute();
  return account;
}

/** Opens a page that requires a log-in, and logs in. */
export async function visitAsOps(
  { browser, apiUrl }: Pick<PortalStack, 'browser' | 'apiUrl'>,
  { username, password }: OpsAccount,
  path: string,
  options: { narrow?: boolean; locale?: string } = {},
): Promise<Visit> {
  const window = await visit(browser, apiUrl, options);
  const { page } = window;
  await page.goto(path);
  await page.getByText('Log in to see this page.').waitFor();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
  return window;
}
