import { randomUUID } from 'node:crypto';
import type { OpsRole } from '../../domain/accounts/roles.ts';
import type { Tx } from '../database/connection.ts';

/** Who administers an account or a key, why and when. */
export interface AdminAction {
  /** Account of the administrator. */
  by: string;
  /** In their own words; it is stored in the record and nowhere else. */
  reason: string;
  at: Date;
}

/** What an administrator did, and to whom or what. */
type Administered =
  | { action: 'create-account' | 'change-role'; aboutAccountId: string; givenRole: OpsRole }
  | {
      action: 'set-password' | 'reset-second-factors' | 'end-sessions' | 'deactivate-account';
      aboutAccountId: string;
    }
  | { action: 'end-every-session' }
  | { action: 'create-feed-key' | 'rotate-feed-key' | 'revoke-feed-key'; feedKeyId: string };

/** Records an administrator's action beside the actions of ops. */
export async function recordAdminAction(tx: Tx, { by, ...done }: AdminAction & Administered): Promise<void> {
  await tx
    .insertInto('opsActions')
    .values({ id: randomUUID(), accountId: by, ...done })
    .execute();
}
