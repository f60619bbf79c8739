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

/** What nobody but a person can decide: problems that consumers reported, and replies that nobody understood. */
export function Waiting() {
  const text = useText().words.ops.waiting;
  const [open, setOpen] = useState<WaitingAction>();
  const [done, setDone] = useState<string>();
  // it can be about a consumer: no browser keeps it
  const [reason, setReason, draft] = useDraftState({ lost: 'waiting' }, '');
  const heading = useRef<HTMLHeadingElement>(null);
  const choose = (act: WaitingAction) => {
    setDone(undefined);
    setReason('');
    setOpen(act);
  };
  // an answer can come when its dialog is closed and the next one is open
  const close = (act: WaitingAction) => {
    draft.clear();
    setOpen((current) => (current === act ? undefined : current));
  };
  useEffect(() => {
    if (!open) return undefined;
    const top = heading.current;
    // the button is gone where somebody else was first
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
          act={open}
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
  act: WaitingAction;
  reason: string;
  onReason: (reason: string) => void;
  onClose: () => void;
  onDone: () => void;
}

function WaitingDialog({ act, reason, onReason, onClose, onDone }: WaitingDialogProps) {
  const { words } = useText();
  const text = words.ops.waiting;
  const refusalOf = ({ kind, message }: ApiProblem) => {
    if (kind === 'not-found') return text.gone;
    return kind === 'not-allowed-now' ? message : undefined;
  };
  return (
    <ReasonDialog
      name={act.words.name}
      explain={`${act.about}. ${act.words.explain}`}
      label={words.ops.reason}
      reason={reason}
      onReason={onReason}
      missing={text.reasonMissing}
      isReason={act.isReason}
      send={act.send}
      refusalOf={refusalOf}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
