import { Button, Dialog, TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { keys } from '../../api/queries.ts';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { useText } from '../../portal-context.tsx';

/** What is asked before the reason. */
export interface EarlierField {
  /** What takes the focus where it is not filled in. */
  id: string;
  isFilled: boolean;
  render: (isMissed: boolean) => ReactNode;
}

export interface ReasonDialogProps {
  /** What is done: the heading, and what the button says. */
  name: string;
  explain: string;
  earlier?: EarlierField;
  label: string;
  reason: string;
  onReason: (reason: string) => void;
  /** Above the fields. */
  notice?: ReactNode;
  /** What is said of a reason that the door would refuse. */
  missing: string;
  /** The door's own rule. */
  isReason: (reason: string) => boolean;
  send: (reason: string) => Promise<unknown>;
  /** What the door's refusal says, where it differs from what the pages say of it. */
  refusalOf: (problem: ApiProblem) => string | undefined;
  onClose: () => void;
  onDone: () => void;
}

/** Asks why before something is done; what the door refuses is said here. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { name, explain, earlier, label, missing, isReason, send, refusalOf, onClose, onDone } = props;
  const { reason, onReason, notice } = props;
  const text = useText().words.ops;
  const queries = useQueryClient();
  const [tried, setTried] = useState(false);
  const sending = useMutation({
    mutationFn: () => send(reason),
    onSuccess: onDone,
    // also after a refusal: the page shows what is possible now
    onSettled: () => queries.invalidateQueries({ queryKey: keys.ops }),
  });
  const isGiven = isReason(reason);
  const isEarlierMissed = earlier !== undefined && !earlier.isFilled;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isGiven && !isEarlierMissed) sending.mutate();
    else document.getElementById(isEarlierMissed ? earlier.id : 'act-reason')?.focus();
  };
  const problem = sending.error && asProblem(sending.error);
  return (
    <Dialog isOpen heading={name} ariaCloseLabel={text.cancel} onExit={onClose}>
      <p>{explain}</p>
      {notice}
      {problem && <ProblemAlert error={problem} text={refusalOf(problem)} />}
      <form noValidate onSubmit={submit}>
        {earlier?.render(tried && isEarlierMissed)}
        <TextField
          id="act-reason"
          name="reason"
          label={label}
          hint={text.reasonHint}
          multiline
          rows={4}
          value={reason}
          onChange={(event) => onReason(event.target.value)}
          errorMessage={tried && !isGiven ? missing : undefined}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" disabled={sending.isPending}>
            {sending.isPending ? text.sending : name}
          </Button>
          <Button disabled={sending.isPending} onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
