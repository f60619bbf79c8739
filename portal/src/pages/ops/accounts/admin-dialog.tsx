import { type ReactNode, useRef } from 'react';
import { opsReason } from '../../../../../api/schemas/ops/ops-actions.ts';
import { usePortal, useText } from '../../../portal-context.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import type { AdminDraft, AdminEntries, Done, Secret } from './admin-action.ts';
import { perform } from './admin-calls.ts';
import { fieldsOf } from './admin-fields.tsx';

export interface AdminDialogProps {
  draft: AdminDraft;
  onChange: (draft: AdminDraft) => void;
  notice: ReactNode;
  onClose: () => void;
  onDone: (done: Done) => void;
}

/** Asks for what an action needs and for its reason, before it is sent. */
export function AdminDialog({ draft, onChange, notice, onClose, onDone }: AdminDialogProps) {
  const { action, entries } = draft;
  const { calls } = usePortal();
  const { words } = useText();
  const { [action.action]: text } = words.ops.accounts;
  const secret = useRef<Secret>(undefined);
  const change = (changed: Partial<AdminEntries>) =>
    onChange({ action, entries: { ...entries, ...changed } });
  const about =
    'account' in action ? action.account.username : 'feedKey' in action ? action.feedKey.name : undefined;
  return (
    <ReasonDialog
      name={text.name}
      explain={about === undefined ? text.explain : `${about}. ${text.explain}`}
      earlier={fieldsOf(draft, { change, missing: words.ops.accounts.fillIn })}
      label={words.ops.reason}
      reason={entries.reason}
      onReason={(reason) => change({ reason })}
      notice={notice}
      missing={words.ops.waiting.reasonMissing}
      isReason={(reason) => opsReason.safeParse({ reason }).success}
      send={async () => {
        secret.current = await perform(calls, draft, words.ops.accounts);
      }}
      refusalOf={({ status, errors, message }) => {
        // it may have been done, and what is shown only once was in the answer that did not come
        if (status >= 500 && 'lost' in text) return text.lost;
        return errors[0]?.detail ?? (status === 409 ? message : undefined);
      }}
      onClose={onClose}
      onDone={() => onDone({ said: text.done, secret: secret.current })}
    />
  );
}
