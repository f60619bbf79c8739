import { z } from 'zod';
import {
  addOpsAccount,
  changeRole,
  deactivateOpsAccount,
  type OpsAccount,
  readOpsAccounts,
  replaceOpsPassword,
} from '../../../store/accounts/ops-accounts.ts';
import { generatePassword, hashPassword } from '../../../store/accounts/passwords.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import {
  newOpsAccount,
  opsAccount,
  opsAccountList,
  opsAccountPassword,
  roleChange,
} from '../../schemas/accounts/ops-accounts.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason } from '../../schemas/ops/ops-actions.ts';

const ofAccount = {
  params: z.strictObject({ id }),
  problems: ['not-found', 'not-allowed-now'],
} as const;
const changed = { 200: { description: 'Done now or earlier', schema: opsAccount } } as const;

/** Routes by which administrators open, change and end the accounts of ops and auditors. Each action has a reason and is recorded. */
export function opsAccountRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/accounts',
      summary: 'List the accounts of ops, administrators and auditors',
      responses: { 200: { description: 'The accounts, deactivated ones too', schema: opsAccountList } },
      handle: async () => {
        const accounts = await readOpsAccounts(db);
        return { status: 200 as const, body: { accounts: accounts.map(toOpsAccount) } };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts',
      summary: 'Open an account with a generated password',
      body: newOpsAccount,
      responses: { 201: { description: 'The account and its password', schema: opsAccountPassword } },
      problems: ['username-taken'],
      handle: async ({ body, caller: { accountId } }) => {
        const password = generatePassword();
        const opening = { ...body, passwordHash: await hashPassword(password), by: accountId, at: now() };
        const account = await db.transaction().execute((tx) => addOpsAccount(tx, opening));
        return { status: 201, body: { account: toOpsAccount(account), password } };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/role',
      summary: 'Give an account another role; its sessions end',
      description: 'One account has to keep the role `ops-admin`: that of the last one is not changed.',
      ...ofAccount,
      body: roleChange,
      responses: changed,
      handle: async ({ params, body, caller: { accountId } }) => {
        const change = { ...params, ...body, by: accountId, at: now() };
        const { account } = await db.transaction().execute((tx) => changeRole(tx, change));
        return { status: 200, body: toOpsAccount(account) };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/password',
      summary: 'Replace the password of an account by a generated one; its sessions end',
      ...ofAccount,
      body: opsReason,
      responses: { 200: { description: 'The account and its new password', schema: opsAccountPassword } },
      handle: async ({ params, body, caller: { accountId } }) => {
        const password = generatePassword();
        const passwordHash = await hashPassword(password);
        const change = { ...params, ...body, passwordHash, by: accountId, at: now() };
        const account = await db.transaction().execute((tx) => replaceOpsPassword(tx, change));
        return { status: 200, body: { account: toOpsAccount(account), password } };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/deactivation',
      summary: 'Deactivate an account for good; its sessions end',
      description: 'The last account with the role `ops-admin` cannot be deactivated.',
      ...ofAccount,
      body: opsReason,
      responses: changed,
      handle: async ({ params, body, caller: { accountId } }) => {
        const ending = { ...params, ...body, by: accountId, at: now() };
        const { account } = await db.transaction().execute((tx) => deactivateOpsAccount(tx, ending));
        return { status: 200, body: toOpsAccount(account) };
      },
    }),
  ];
}

const toOpsAccount = ({ createdAt, deactivatedAt, ...account }: OpsAccount) => ({
  ...account,
  createdAt: createdAt.toISOString(),
  deactivatedAt: deactivatedAt?.toISOString() ?? null,
});
