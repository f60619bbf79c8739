import { Dialog, TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { keys } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { useText } from '../../portal-context.tsx';

/** A question above the reason. */
export interface EarlierField {
  /** Element that gets the focus if it is not filled in. */
  id: string;
  isFilled: boolean;
  render: (isMissed: boolean) => ReactNode;
}

export interface ReasonDialogProps {
  /** Name of the action, for the heading and the button. */
  name: string;
  explain: string;
  earlier?: EarlierField;
  label: string;
  reason: string;
  onReason: (reason: string) => void;
  /** Text above the fields. */
  notice?: ReactNode;
  /** Error text for a reason that the API would refuse. */
  missing: string;
  /** The API's own rule for a reason. */
  isReason: (reason: string) => boolean;
  send: (reason: string) => Promise<unknown>;
  /** Text for a refusal by the API, if it differs from the general one. */
  refusalOf: (problem: ApiProblem) => string | undefined;
  onClose: () => void;
  onDone: () => void;
}

/** Dialog that asks for a reason before an action, and shows a refusal by the API. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { name, explain, earlier, label, missing, isReason, send, refusalOf, onClose, onDone } = props;
  const { reason, onReason, notice } = props;
  const text = useText().words.ops;
  const queries = useQueryClient();
  const [tried, setTried] = useState(false);
  const sending = useMutation({
    mutationFn: () => send(reason),
    onSuccess: onDone,
    // after a refusal too, so that the page shows the actions that are possible now
    onSettled: () => queries.invalidateQueries({ queryKey: keys.ops }),
  });
  const isValid = isReason(reason);
  const isEarlierMissed = earlier !== undefined && !earlier.isFilled;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isValid && !isEarlierMissed) sending.mutate();
    else document.getElementById(isEarlierMissed ? earlier.id : 'action-reason')?.focus();
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
          id="action-reason"
          name="reason"
          label={label}
          hint={text.reasonHint}
          multiline
          rows={4}
          value={reason}
          onChange={(event) => onReason(event.target.value)}
          errorMessage={tried && !isValid ? missing : undefined}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={sending.isPending}>
            {sending.isPending ? text.sending : name}
          </Button>
          <Button isBusy={sending.isPending} onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
