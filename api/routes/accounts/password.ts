import type { Request } from 'express';
import { readPasswordOwner } from '../../../store/accounts/password-resets.ts';
import { hashPassword } from '../../../store/accounts/passwords.ts';
import type { SessionAccount } from '../../access.ts';
import type { NewPasswordCheck } from '../../auth/new-password-check.ts';
import { changeAndRecordPassword } from '../../auth/password-change.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { SessionCookies } from '../../auth/session-cookies.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { Checked } from '../../http/requests/checked.ts';
import { type Route, route } from '../../http/route.ts';
import { type PasswordChange, passwordChange } from '../../schemas/accounts/passwords.ts';

interface Tools {
  sessionCookies: SessionCookies;
  checkNewPassword: NewPasswordCheck;
  recordSecurity: SecurityLog;
}

/** Route to change one's own password. */
export function passwordRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { sessionCookies, checkNewPassword, recordSecurity }: Tools,
): Route[] {
  return [
    route({
      key: 'PUT /v1/me/password',
      summary: 'Set a new password',
      description:
        'Needs a log-in or a confirmation within the last ten minutes (`CONFIRMATION_LASTS`); a confirmation asks for ' +
        'the current password. All other sessions of the account end, this one gets another token, and its owner is ' +
        'told by mail.',
      body: passwordChange,
      responses: {
        204: {
          description: 'The new password holds',
          headers: { 'Set-Cookie': 'The session cookie with another token; the former is worthless' },
        },
      },
      check: checkPassword,
      handle: async ({ body, caller, request }) => {
        const { accountId, npn, tokenSha256 } = caller;
        const [passwordHash, at] = [await hashPassword(body.password), now()];
        const rotation = sessionCookies.rotate(request, caller);
        await recordSecurity.inTransaction(request, async (tx, record) => {
          const change = { accountId, npn, at, passwordHash, exceptTokenSha256: tokenSha256 };
          await changeAndRecordPassword(tx, record, { ...change, how: 'password-changed' });
          await rotation.save(tx);
        });
        rotation.setCookie();
        return { status: 204 };
      },
    }),
  ];

  async function checkPassword(
    _fields: Partial<PasswordChange>,
    { caller, request }: { caller: SessionAccount; request: Request },
  ): Promise<Checked<undefined>> {
    const owner = (await readPasswordOwner(db, caller.accountId)) ?? fail('not-authenticated');
    const faults = checkNewPassword(request.body, owner);
    return faults.length > 0 ? { faults } : { known: undefined };
  }
}
