import { useEffect, useRef, useState } from 'react';
import type { ApiProblem } from '../../api/problem.ts';
import { DraftNotice } from '../../form/draft-notice.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { Status } from '../../layout/status.tsx';
import { useText } from '../../portal-context.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { ReportedProblems } from './reported-problems.tsx';
import { UnclearReplies } from './unclear-replies.tsx';
import type { WaitingAction } from './waiting-list.tsx';

/** Items that need a decision by ops: problems that consumers reported, and replies that could not be understood. */
export function Waiting() {
  const text = useText().words.ops.waiting;
  const [open, setOpen] = useState<WaitingAction>();
  const [done, setDone] = useState<string>();
  // this can be about a consumer, so it is not stored in the browser
  const [reason, setReason, draft] = useDraftState({ lost: 'waiting' }, '');
  const heading = useRef<HTMLHeadingElement>(null);
  const choose = (action: WaitingAction) => {
    setDone(undefined);
    setReason('');
    setOpen(action);
  };
  // a response can arrive after its dialog was closed and the next one opened
  const close = (action: WaitingAction) => {
    draft.clear();
    setOpen((current) => (current === action ? undefined : current));
  };
  useEffect(() => {
    if (!open) return undefined;
    const top = heading.current;
    // the button is gone if somebody else was first
    return () => (document.getElementById(open.buttonId) ?? top)?.focus();
  }, [open]);
  useEffect(() => {
    if (done) heading.current?.focus();
  }, [done]);
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.heading}
      </h2>
      <Status>{done && <strong>{done}</strong>}</Status>
      <DraftNotice draft={draft} />
      <ReportedProblems onChoose={choose} />
      <UnclearReplies onChoose={choose} />
      {open && (
        <WaitingDialog
          key={open.buttonId}
          action={open}
          reason={reason}
          onReason={setReason}
          onClose={() => close(open)}
          onDone={() => {
            setDone(open.words.done);
            close(open);
          }}
        />
      )}
    </section>
  );
}

interface WaitingDialogProps {
  action: WaitingAction;
  reason: string;
  onReason: (reason: string) => void;
  onClose: () => void;
  onDone: () => void;
}

function WaitingDialog({ action, reason, onReason, onClose, onDone }: WaitingDialogProps) {
  const { words } = useText();
  const text = words.ops.waiting;
  const refusalOf = ({ kind, message }: ApiProblem) => {
    if (kind === 'not-found') return text.gone;
    return kind === 'not-allowed-now' ? message : undefined;
  };
  return (
    <ReasonDialog
      name={action.words.name}
      explain={`${action.about}. ${action.words.explain}`}
      label={words.ops.reason}
      reason={reason}
      onReason={onReason}
      missing={text.reasonMissing}
      isReason={action.isReason}
      send={action.send}
      refusalOf={refusalOf}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
