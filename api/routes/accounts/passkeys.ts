import type { Request } from 'express';
import { z } from 'zod';
import { usernameKey } from '../../../domain/accounts/username.ts';
import { findAccountById } from '../../../store/accounts/accounts.ts';
import {
  addPasskey,
  namePasskey,
  type OwnPasskey,
  readPasskeys,
  removePasskey,
} from '../../../store/accounts/passkeys.ts';
import type { CredentialLog } from '../../auth/credential-change.ts';
import type { KnownDevices } from '../../auth/known-devices.ts';
import type { PasskeyCheck } from '../../auth/passkey-check.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { SessionCookies } from '../../auth/session-cookies.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { networksOf } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import {
  logInOptions,
  type Passkey,
  passkey,
  passkeyBody,
  passkeyList,
  passkeyLogInBody,
  passkeyNameBody,
  registrationOptions,
} from '../../schemas/accounts/passkeys.ts';
import { session } from '../../schemas/accounts/session.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import { readSession, sessionHeaders } from './session-view.ts';

interface Parts {
  passkeys: PasskeyCheck;
  knownDevices: KnownDevices;
  sessionCookies: SessionCookies;
  recordSecurity: SecurityLog;
}

/** Routes of one’s own passkeys. */
export function passkeyRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  {
    passkeys,
    recordSecurity,
    recordChange,
  }: Pick<Parts, 'passkeys' | 'recordSecurity'> & { recordChange: CredentialLog },
): Route[] {
  const params = z.strictObject({ id });
  return [
    route({
      key: 'GET /v1/passkeys',
      summary: 'List one’s passkeys',
      responses: { 200: { description: 'The passkeys, the oldest first', schema: passkeyList } },
      handle: async ({ caller }) => {
        const own = await readPasskeys(db, caller.accountId);
        return { status: 200, body: { passkeys: own.map(toPasskey) } };
      },
    }),
    route({
      key: 'POST /v1/passkeys/registration-options',
      summary: 'Begin to add a passkey',
      body: emptyBody,
      responses: { 200: { description: 'What the browser is asked', schema: registrationOptions } },
      handle: async ({ caller }) => ({ status: 200, body: await passkeys.registrationOptions(caller) }),
    }),
    route({
      key: 'POST /v1/passkeys',
      summary: 'Add a passkey',
      body: passkeyBody,
      responses: { 201: { description: 'Added', schema: passkey } },
      problems: ['not-allowed-now'],
      handle: async ({ body: { name, credential }, caller, request }) => {
        const { accountId } = caller;
        const made = (await passkeys.verifyNew(accountId, credential)) ?? refuseCredential();
        const added = await recordSecurity.inTransaction(request, async (tx, record) => {
          const own = (await addPasskey(tx, { ...made, accountId, name, at: now() })) ?? refuseCredential();
          await recordChange(tx, record, { caller, change: 'passkey-added' });
          return own;
        });
        return { status: 201, body: toPasskey(added) };
      },
    }),
    route({
      key: 'PATCH /v1/passkeys/:id',
      summary: 'Name a passkey',
      params,
      body: passkeyNameBody,
      responses: { 204: { description: 'Named' } },
      handle: async ({ body: { name }, caller: { accountId }, params: { id: passkeyId } }) => {
        if (!(await namePasskey(db, { accountId, id: passkeyId, name }))) fail('not-found');
        return { status: 204 };
      },
    }),
    route({
      key: 'DELETE /v1/passkeys/:id',
      summary: 'Remove a passkey',
      params,
      responses: { 204: { description: 'Removed' } },
      problems: ['not-allowed-now'],
      handle: async ({ caller, params: { id: passkeyId }, request }) => {
        const { accountId } = caller;
        await recordSecurity.inTransaction(request, async (tx, record) => {
          if (!(await removePasskey(tx, { accountId, id: passkeyId }))) fail('not-found');
          await recordChange(tx, record, { caller, change: 'passkey-removed' });
        });
        return { status: 204 };
      },
    }),
  ];
}

/** Routes to log in by a passkey, without a username. Guesses at a key are hopeless, so no limit of a username counts them. */
export function passkeyLogInRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  limiter: RateLimiter,
  { passkeys, knownDevices, sessionCookies, recordSecurity }: Parts,
): Route[] {
  const countUse = async (request: Request) => {
    const device = await knownDevices.find(request);
    if (device === undefined) await limiter.count('passkeysByNetwork', networksOf(request));
    else await limiter.count('passkeysByDevice', device);
  };
  return [
    route({
      key: 'POST /v1/passkeys/log-in-options',
      summary: 'Begin to log in, or to confirm who one is, by a passkey',
      body: emptyBody,
      responses: { 200: { description: 'What the browser is asked', schema: logInOptions } },
      handle: async ({ request }) => {
        await countUse(request);
        return { status: 200, body: await passkeys.logInOptions() };
      },
    }),
    route({
      key: 'POST /v1/passkeys/log-in',
      summary: 'Log in by a passkey',
      body: passkeyLogInBody,
      responses: { 200: { description: 'Logged in', schema: session, headers: sessionHeaders } },
      problems: ['passkey-refused', 'too-many-requests'],
      handle: async ({ body, request }) => {
        await countUse(request);
        const used = await passkeys.verify(body.credential);
        const account = used && (await findAccountById(db, used.accountId));
        if (!account) {
          const { accountId } = used ?? {};
          await recordSecurity(request, { kind: 'log-in-refused', accountId, detail: 'passkey' });
          return fail('passkey-refused');
        }
        const device = await knownDevices.find(request, usernameKey(account.username));
        await sessionCookies.open(request, {
          // of when the passkey was found: it may have been removed since
          account: { ...account, factorsVersion: used.factorsVersion },
          passwordHash: undefined,
          way: 'passkey',
          isKnownDevice: device !== undefined,
        });
        return { status: 200, body: await readSession(db, account, now()) };
      },
    }),
  ];
}

function refuseCredential(): never {
  const detail = 'This is no new passkey of this account. Begin again.';
  return fail('invalid-fields', { errors: [{ pointer: '/credential', code: 'refused', detail }] });
}

function toPasskey({ createdAt, usedAt, ...own }: OwnPasskey): Passkey {
  return { ...own, createdAt: createdAt.toISOString(), usedAt: usedAt?.toISOString() ?? null };
}
