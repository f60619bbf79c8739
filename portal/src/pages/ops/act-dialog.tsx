import type { ReactNode } from 'react';
import { opsNote, opsReason } from '../../../../api/schemas/ops/ops-acts.ts';
import {
  type DeactivationCause,
  deactivationCauses,
  type OpsAction,
} from '../../../../domain/ops/ops-acts.ts';
import { ReasonList } from '../../form/reason-list.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { type EarlierField, ReasonDialog } from './reason-dialog.tsx';

export interface TypedAct {
  act: OpsAction;
  reason: string;
  because?: DeactivationCause;
}

export interface ActDialogProps {
  npn: string;
  /** What is done, with what was typed so far. */
  typed: TypedAct;
  onChange: (typed: TypedAct) => void;
  notice: ReactNode;
  onClose: () => void;
  onDone: () => void;
}

/** Asks why before an act about an agent is done, and what happened where his part ends. */
export function ActDialog({ npn, typed, onChange, notice, onClose, onDone }: ActDialogProps) {
  const { act, because } = typed;
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops;
  const isNote = act === 'note';
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
        onChange={(chosen) => onChange({ ...typed, because: chosen })}
        error={isMissed ? text.becauseMissing : undefined}
      />
    ),
  };
  return (
    <ReasonDialog
      name={sentences.opsAction[act]}
      explain={text.explain[act]}
      earlier={act === 'deactivate' ? whatHappened : undefined}
      label={isNote ? text.note : text.reason}
      reason={typed.reason}
      onReason={(reason) => onChange({ ...typed, reason })}
      notice={notice}
      missing={text.reasonMissing}
      isReason={(reason) => (isNote ? opsNote : opsReason).safeParse({ reason }).success}
      send={(reason) =>
        calls.opsAct(npn, act, { reason, because: act === 'deactivate' ? because : undefined })
      }
      refusalOf={({ status, message }) => (status === 409 ? message : undefined)}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
