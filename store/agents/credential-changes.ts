import type { CredentialChange } from '../../domain/accounts/credentials.ts';
import { setPasswordHash } from '../accounts/accounts.ts';
import { deletePasswordReset } from '../accounts/password-resets.ts';
import { endSessions } from '../accounts/sessions.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueueNotices } from '../outbox.ts';

/** The account that is changed. Only agents have an `npn`, and a mail address. */
interface ChangedAccount {
  accountId: string;
  npn: string | null;
  at: Date;
}

/**
 * Sets a new password, in the caller's transaction: all sessions but one end, a link to a new password becomes void, and
 * the owner is told. A second factor stays.
 * @param change `exceptTokenSha256`: the session that stays open; undefined: none does
 * @returns how many sessions have ended
 */
export async function changePassword(
  tx: Tx,
  change: ChangedAccount & {
    passwordHash: string;
    how: Extract<CredentialChange, 'password-changed' | 'password-reset'>;
    exceptTokenSha256: string | undefined;
  },
): Promise<number> {
  const { accountId, npn, passwordHash, how, exceptTokenSha256, at } = change;
  // lock order: the link before the account (docs/decisions/0031-lock-order.md)
  await deletePasswordReset(tx, accountId);
  await setPasswordHash(tx, { accountId, passwordHash });
  const ended = await endSessions(tx, { accountId, exceptTokenSha256 });
  await tellOfCredentialChange(tx, { accountId, npn, at, change: how });
  return ended;
}

/**
 * Tells the owner of an account, by mail and once a day, that so many codes were wrong after the right password that no more
 * are checked.
 */
export async function tellOfRefusedCodes(tx: Tx, { accountId, npn, at }: ChangedAccount): Promise<void> {
  if (npn === null) return;
  const dedupeKey = `codes-refused ${accountId} ${at.toISOString().slice(0, 10)}`;
  await enqueueNotices(tx, [await createNotice(tx, { kind: 'codes-refused', npn, at, dedupeKey })]);
}

/**
 * Tells the owner of an account, by mail, that what they log in with has changed, in the transaction of the change. Every
 * such change calls it. Accounts of the operations team have no mail address.
 */
export async function tellOfCredentialChange(
  tx: Tx,
  { accountId, npn, at, change }: ChangedAccount & { change: CredentialChange },
): Promise<void> {
  if (npn === null) return;
  const dedupeKey = `credentials-changed ${change} ${accountId} ${at.toISOString()}`;
  const about = { npn, at, dedupeKey, data: { credentialChange: change } };
  await enqueueNotices(tx, [await createNotice(tx, { kind: 'credentials-changed', ...about })]);
}
