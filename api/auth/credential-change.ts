import type { CredentialChange } from '../../domain/accounts/credentials.ts';
import { endSessions } from '../../store/accounts/sessions.ts';
import { tellOfCredentialChange } from '../../store/agents/credential-changes.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { SessionAccount } from '../access.ts';
import type { Deps } from '../deps.ts';
import type { EventRecorder } from './security-log.ts';

/**
 * Records that an account has changed what it logs in with, ends its other sessions, and tells its owner, in the transaction
 * of the change. A session that began without the factor would otherwise have what only the factor opens.
 */
export type CredentialLog = (
  tx: Tx,
  record: EventRecorder,
  change: { caller: SessionAccount; change: CredentialChange },
) => Promise<void>;

/** Creates the function that every change of a passkey or a second factor goes through. */
export function createCredentialLog({ now }: Pick<Deps, 'now'>): CredentialLog {
  return async (tx, record, { caller: { accountId, npn, tokenSha256 }, change }) => {
    await record({ kind: 'credentials-changed', accountId, detail: change });
    const ended = await endSessions(tx, { accountId, exceptTokenSha256: tokenSha256 });
    if (ended > 0) await record({ kind: 'session-ended', accountId, detail: 'factor-changed' });
    await tellOfCredentialChange(tx, { accountId, npn, at: now(), change });
  };
}
