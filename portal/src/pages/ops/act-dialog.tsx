import { Button, Dialog, TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { opsNote, opsReason } from '../../../../api/schemas/ops-acts.ts';
import { type DeactivationCause, deactivationCauses, type OpsAct } from '../../../../domain/ops-acts.ts';
import { asProblem } from '../../api/problem.ts';
import { keys } from '../../api/queries.ts';
import { ReasonList } from '../../form/reason-list.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

export interface ActDialogProps {
  npn: string;
  act: OpsAct;
  onClose: () => void;
  onDone: () => void;
}

/** Asks why before an act is done, by the door's own rule for a reason; what the door refuses is said here. */
export function ActDialog({ npn, act, onClose, onDone }: ActDialogProps) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [because, setBecause] = useState<DeactivationCause>();
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: () => calls.opsAct(npn, act, { reason, because: act === 'deactivate' ? because : undefined }),
    onSuccess: onDone,
    // also after a refusal: the page shows what is possible now
    onSettled: () => queries.invalidateQueries({ queryKey: keys.ops }),
  });
  const isReason = (act === 'note' ? opsNote : opsReason).safeParse({ reason }).success;
  const isKind = act !== 'deactivate' || because !== undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isReason && isKind) send.mutate();
    else document.getElementById(isKind ? 'act-reason' : `because-${deactivationCauses[0]}`)?.focus();
  };
  const problem = send.error && asProblem(send.error);
  return (
    <Dialog isOpen heading={sentences.opsAct[act]} ariaCloseLabel={text.cancel} onExit={onClose}>
      <p>{text.explain[act]}</p>
      {problem && (
        <ProblemAlert error={problem} text={problem.status === 409 ? problem.message : undefined} />
      )}
      <form noValidate onSubmit={submit}>
        {act === 'deactivate' && (
          <ReasonList
            name="because"
            label={text.because}
            options={deactivationCauses}
            labelOf={(option) => sentences.deactivationCause[option]}
            value={because}
            onChange={setBecause}
            error={tried && !isKind ? text.becauseMissing : undefined}
          />
        )}
        <TextField
          id="act-reason"
          name="reason"
          label={act === 'note' ? text.note : text.reason}
          hint={text.reasonHint}
          multiline
          rows={4}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          errorMessage={tried && !isReason ? text.reasonMissing : undefined}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" disabled={send.isPending}>
            {send.isPending ? text.sending : sentences.opsAct[act]}
          </Button>
          <Button disabled={send.isPending} onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
