import { type FeedKey, usualRotationHours } from '../../../../../api/schemas/accounts/feed-keys.ts';
import type { OpsAccount } from '../../../../../api/schemas/accounts/ops-accounts.ts';
import type { OpsRole } from '../../../../../domain/accounts/roles.ts';
import type { FeedKind } from '../../../../../domain/onboarding/evidence.ts';

/** An action that an administrator has chosen, by the names of its words. */
export type AdminAction = {
  /** Element that the focus returns to. */
  buttonId: string;
} & (
  | { action: 'open' | 'createKey' }
  | {
      action: 'changeRole' | 'setPassword' | 'resetFactors' | 'deactivate';
      account: Pick<OpsAccount, 'id' | 'username'>;
    }
  | { action: 'rotateKey' | 'revokeKey'; feedKey: FeedKey }
);

/** What is entered in the dialogs; each action reads what it needs. */
export interface AdminEntries {
  username: string;
  role: OpsRole | undefined;
  name: string;
  feeds: readonly FeedKind[];
  hours: string;
  reason: string;
}

/** An action with the entries so far. */
export interface AdminDraft {
  action: AdminAction;
  entries: AdminEntries;
}

/** Returns an action with nothing entered. */
export function draftOf(action: AdminAction): AdminDraft {
  const hours = String(usualRotationHours);
  return { action, entries: { username: '', role: undefined, name: '', feeds: [], hours, reason: '' } };
}

/** A password or a secret that is shown once. */
export interface Secret {
  label: string;
  value: string;
}

/** What an action came to. */
export interface Done {
  said: string;
  secret?: Secret | undefined;
}
