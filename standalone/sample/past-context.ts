import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Database } from '../../store/database/connection.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface PastOptions {
  /** Environment of the programs, with `MIGRATION_DATABASE_URL`, `LINK_SECRET`, `MASTER_KEY` and the policy. */
  env: NodeJS.ProcessEnv;
  /** The feeds of that time are written here. */
  directory: string;
  seed: number;
  /** The end of the past. The same seed and end give the same past. */
  until: Date;
  /** Returns the password of one who can log in, by username. */
  passwordOf: (username: string) => string;
}

/** What plays a part of the past. */
export interface PastContext {
  /** Its transactions are parts of one. */
  db: Database;
  keyring: Keyring;
  linkSecret: string;
  policy: Policy;
  clock: VirtualClock;
  until: Date;
  /** Has messages arrive at once. */
  deliver: (notices: readonly NoticeToSend[]) => Promise<void>;
}
