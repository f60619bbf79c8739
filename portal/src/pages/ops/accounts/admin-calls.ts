import type { Calls } from '../../../api/calls.ts';
import type { Words } from '../../../words/words.ts';
import type { AdminDraft, Secret } from './admin-action.ts';

/** Sends an action. @returns the password or the secret to show */
export async function perform(
  calls: Calls,
  { action, entries }: AdminDraft,
  text: Words['ops']['accounts'],
): Promise<Secret | undefined> {
  const { username, role = 'auditor', name, feeds, hours, reason } = entries;
  switch (action.action) {
    case 'open': {
      const { account, password } = await calls.openAccount({ username, role, reason });
      return { label: text.password(account.username), value: password };
    }
    case 'changeRole':
      await calls.changeRole(action.account.id, { role, reason });
      return undefined;
    case 'setPassword': {
      const { account, password } = await calls.setOpsPassword(action.account.id, { reason });
      return { label: text.password(account.username), value: password };
    }
    case 'resetFactors':
      await calls.resetFactors(action.account.id, { reason });
      return undefined;
    case 'deactivate':
      await calls.deactivateAccount(action.account.id, { reason });
      return undefined;
    case 'createKey': {
      const { key, secret } = await calls.createFeedKey({ name, feeds: [...feeds], reason });
      return { label: text.secret(key.name), value: secret };
    }
    case 'rotateKey': {
      const rotation = { earlierValidHours: Number(hours), reason };
      const { key, secret } = await calls.rotateFeedKey(action.feedKey.id, rotation);
      return { label: text.secret(key.name), value: secret };
    }
    case 'revokeKey':
      await calls.revokeFeedKey(action.feedKey.id, { reason });
      return undefined;
  }
}
