import { randomUUID } from 'node:crypto';
import { needsSecondFactor } from '../../../domain/accounts/second-factor.ts';
import {
  readSecondFactors,
  removeAuthenticatorApp,
  replaceRecoveryCodes,
  saveAuthenticatorApp,
} from '../../../store/accounts/second-factors.ts';
import { appSecret as secretOf, stepOf } from '../../../store/accounts/totp.ts';
import type { CredentialLog } from '../../auth/credential-change.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { appBody, appSecret, recoveryCodes, secondFactor } from '../../schemas/accounts/second-factor.ts';
import { emptyBody } from '../../schemas/fields.ts';

const wrongCode = {
  pointer: '/code',
  code: 'wrong',
  detail: 'This is not the code that the app shows now.',
};

/** Routes of one’s own second factor: the authenticator app and the recovery codes. */
export function secondFactorRoutes(
  { db, settings: { linkSecret }, now }: Deps,
  { recordSecurity, recordChange }: { recordSecurity: SecurityLog; recordChange: CredentialLog },
): Route[] {
  const codes = { 200: { description: 'The recovery codes, shown this once', schema: recoveryCodes } };
  return [
    route({
      key: 'GET /v1/me/second-factor',
      summary: 'Get what the account has besides its password',
      responses: { 200: { description: 'The second factors', schema: secondFactor } },
      handle: async ({ caller: { accountId, role } }) => {
        const { app, ...counts } = await readSecondFactors(db, accountId);
        const authenticatorApp = app && { confirmedAt: app.confirmedAt.toISOString() };
        return { status: 200, body: { required: needsSecondFactor(role), authenticatorApp, ...counts } };
      },
    }),
    route({
      key: 'POST /v1/me/second-factor/authenticator-app/secret',
      summary: 'Begin to add an authenticator app',
      body: emptyBody,
      responses: { 200: { description: 'The secret for the app', schema: appSecret } },
      handle: async ({ caller: { accountId, username } }) => {
        const keyId = randomUUID();
        return { status: 200, body: { keyId, ...secretOf({ linkSecret, accountId, keyId }, username) } };
      },
    }),
    route({
      key: 'PUT /v1/me/second-factor/authenticator-app',
      summary: 'Add an authenticator app in place of an earlier one, by its first code',
      body: appBody,
      responses: codes,
      handle: async ({ body: { keyId, code }, caller, request }) => {
        const at = now();
        const { accountId } = caller;
        const step = stepOf({ linkSecret, accountId, keyId }, { code, at });
        if (step === undefined) return fail('invalid-fields', { errors: [wrongCode] });
        const body = await recordSecurity.inTransaction(request, async (tx, record) => {
          const given = await saveAuthenticatorApp(tx, { accountId, keyId, step, at });
          if (given === undefined) fail('invalid-fields', { errors: [wrongCode] });
          await recordChange(tx, record, { caller, change: 'authenticator-added' });
          return { recoveryCodes: given };
        });
        return { status: 200, body };
      },
    }),
    route({
      key: 'DELETE /v1/me/second-factor/authenticator-app',
      summary: 'Remove the authenticator app',
      responses: { 204: { description: 'Removed' } },
      problems: ['not-allowed-now'],
      handle: async ({ caller, request }) => {
        await recordSecurity.inTransaction(request, async (tx, record) => {
          if (!(await removeAuthenticatorApp(tx, caller.accountId))) return;
          await recordChange(tx, record, { caller, change: 'authenticator-removed' });
        });
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/me/second-factor/recovery-codes',
      summary: 'Get new recovery codes in place of the earlier ones',
      body: emptyBody,
      responses: codes,
      problems: ['not-allowed-now'],
      handle: async ({ caller, request }) => {
        const body = await recordSecurity.inTransaction(request, async (tx, record) => {
          const given = await replaceRecoveryCodes(tx, caller.accountId);
          await recordChange(tx, record, { caller, change: 'recovery-codes-replaced' });
          return { recoveryCodes: given };
        });
        return { status: 200, body };
      },
    }),
  ];
}
