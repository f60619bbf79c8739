import type { ReactNode } from 'react';
import { opsNote, opsReason } from '../../../../api/schemas/ops/ops-actions.ts';
import {
  type DeactivationCause,
  deactivationCauses,
  type OpsAction,
} from '../../../../domain/ops/ops-actions.ts';
import { ReasonList } from '../../form/reason-list.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { type EarlierField, ReasonDialog } from './reason-dialog.tsx';

export interface ActionDraft {
  action: OpsAction;
  reason: string;
  because?: DeactivationCause;
}

export interface ActionDialogProps {
  npn: string;
  /** The chosen action and the input so far. */
  draft: ActionDraft;
  onChange: (typed: ActionDraft) => void;
  notice: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

/** Asks for a reason before an ops action, and for the cause of a deactivation. */
export function ActionDialog({ npn, draft, onChange, notice, onClose, onDone }: ActionDialogProps) {
  const { action, because } = draft;
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops;
  const isNote = action === 'note';
  const whatHappened: EarlierField = {
    id: `because-${deactivationCauses[0]}`,
    isFilled: because !== undefined,
    render: (isMissed) => (
      <ReasonList
        name="because"
        label={text.because}
        options={deactivationCauses}
        labelOf={(option) => sentences.deactivationCause[option]}
        value={because}
        onChange={(chosen) => onChange({ ...draft, because: chosen })}
        error={isMissed ? text.becauseMissing : undefined}
      />
    ),
  };
  return (
    <ReasonDialog
      name={sentences.opsAction[action]}
      explain={text.explain[action]}
      earlier={action === 'deactivate' ? whatHappened : undefined}
      label={isNote ? text.note : text.reason}
      reason={draft.reason}
      onReason={(reason) => onChange({ ...draft, reason })}
      notice={notice}
      missing={text.reasonMissing}
      isReason={(reason) => (isNote ? opsNote : opsReason).safeParse({ reason }).success}
      send={(reason) =>
        calls.opsAct(npn, action, { reason, because: action === 'deactivate' ? because : undefined })
      }
      refusalOf={({ status, message }) => (status === 409 ? message : undefined)}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
