import { z } from 'zod';
import {
  addOpsAccount,
  changeRole,
  deactivateOpsAccount,
  type OpsAccount,
  readOpsAccounts,
  replaceOpsPassword,
} from '../../../store/accounts/ops-accounts.ts';
import { generatePasswordFor } from '../../../store/accounts/passwords.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
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
const replacedWithin =
  'Its owner has to replace the password at the next log-in, within 72 hours: then it ends.';
const current = { 200: { description: 'Done now or earlier', schema: opsAccount } } as const;

/** Routes by which administrators open, change and end the accounts of ops and auditors. Each action has a reason and is recorded. */
export function opsAccountRoutes({ db, now }: Deps, recordSecurity: SecurityLog): Route[] {
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
      description: replacedWithin,
      body: newOpsAccount,
      responses: { 201: { description: 'The account and its password', schema: opsAccountPassword } },
      problems: ['username-taken'],
      handle: async ({ body, caller: { accountId: by }, request }) => {
        const at = now();
        const { password, ...stored } = await generatePasswordFor(at);
        const opening = { ...body, ...stored, by, at };
        const account = await recordSecurity.inTransaction(request, async (tx, record) => {
          const added = await addOpsAccount(tx, opening);
          const event = { accountId: added.id, byAccountId: by, detail: added.role };
          await record({ kind: 'rights-changed', ...event });
          return added;
        });
        return { status: 201, body: { account: toOpsAccount(account), password } };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/role',
      summary: 'Give an account another role; its sessions end',
      description: 'One account has to keep the role `ops-admin`: that of the last one is not changed.',
      ...ofAccount,
      body: roleChange,
      responses: current,
      handle: async ({ params, body, caller: { accountId: by }, request }) => {
        const change = { ...params, ...body, by, at: now() };
        const account = await recordSecurity.inTransaction(request, async (tx, record) => {
          const { changed, account: after } = await changeRole(tx, change);
          const event = { accountId: params.id, byAccountId: by, detail: body.role };
          if (changed) await record({ kind: 'rights-changed', ...event });
          return after;
        });
        return { status: 200, body: toOpsAccount(account) };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/password',
      summary: 'Replace the password of an account by a generated one; its sessions end',
      description: replacedWithin,
      ...ofAccount,
      body: opsReason,
      responses: { 200: { description: 'The account and its new password', schema: opsAccountPassword } },
      handle: async ({ params, body, caller: { accountId: by }, request }) => {
        const at = now();
        const { password, ...stored } = await generatePasswordFor(at);
        const change = { ...params, ...body, ...stored, by, at };
        const account = await recordSecurity.inTransaction(request, async (tx, record) => {
          const event = { accountId: params.id, byAccountId: by, detail: 'password' };
          const after = await replaceOpsPassword(tx, change);
          await record({ kind: 'credentials-changed', ...event });
          return after;
        });
        return { status: 200, body: { account: toOpsAccount(account), password } };
      },
    }),
    route({
      key: 'POST /v1/ops/accounts/:id/deactivation',
      summary: 'Deactivate an account for good; its sessions end',
      description: 'The last account with the role `ops-admin` cannot be deactivated.',
      ...ofAccount,
      body: opsReason,
      responses: current,
      handle: async ({ params, body, caller: { accountId: by }, request }) => {
        const ending = { ...params, ...body, by, at: now() };
        const account = await recordSecurity.inTransaction(request, async (tx, record) => {
          const { changed, account: after } = await deactivateOpsAccount(tx, ending);
          const event = { accountId: params.id, byAccountId: by, detail: 'deactivated' };
          if (changed) await record({ kind: 'rights-changed', ...event });
          return after;
        });
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
