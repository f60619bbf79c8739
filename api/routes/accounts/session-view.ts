import type { AccountRow } from '../../../store/accounts/accounts.ts';
import { isAgentTerminated } from '../../../store/accounts/sessions.ts';
import type { Tx } from '../../../store/database/connection.ts';
import type { Session } from '../../schemas/accounts/session.ts';

type AccountView = Omit<AccountRow, 'factorsVersion'> & { isTerminated: boolean };

/** Converts the account of a session. */
export function toSession(account: AccountView): Session {
  const {
    accountId,
    username,
    role,
    npn,
    firstName,
    isTerminated,
    mustAddSecondFactor,
    mustReplacePassword,
  } = account;
  return {
    accountId,
    username,
    role,
    npn,
    firstName,
    terminated: isTerminated,
    mustAddSecondFactor,
    mustReplacePassword,
  };
}

/** Reads what an account that has just logged in is told of its session. */
export async function readSession(tx: Tx, account: AccountRow, at: Date): Promise<Session> {
  const { npn } = account;
  return toSession({ ...account, isTerminated: npn !== null && (await isAgentTerminated(tx, { npn, at })) });
}

/** Headers of a log-in's answer, for its documentation. */
export const sessionHeaders = {
  'Set-Cookie':
    'The session cookie (HttpOnly, SameSite=Lax), and a device cookie, so that failed log-ins of strangers do not lock this device out',
} as const;
