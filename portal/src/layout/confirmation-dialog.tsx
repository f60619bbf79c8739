import { Button, Dialog, TextField } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useState, useSyncExternalStore } from 'react';
import { asProblem } from '../api/problem.ts';
import { usePortal, useText } from '../portal-context.tsx';
import { ProblemAlert } from './problem-alert.tsx';

/** Asks for the password when a call needs it, above whatever page made the call. */
export function ConfirmationDialog() {
  const { confirmation } = usePortal();
  const isAsked = useSyncExternalStore(confirmation.subscribe, confirmation.isAsked);
  // what waits for an answer is refused when the session ends meanwhile
  useEffect(() => () => confirmation.answer(false), [confirmation]);
  return isAsked ? <PasswordQuestion /> : null;
}

function PasswordQuestion() {
  const { calls, confirmation } = usePortal();
  const { words } = useText();
  const text = words.account.confirmation;
  const [password, setPassword] = useState('');
  const confirm = useMutation({
    mutationFn: () => calls.confirm({ password }),
    onSuccess: () => confirmation.answer(true),
    onError: () => setPassword(''),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (password === '') document.getElementById('confirmation-password')?.focus();
    else confirm.mutate();
  };
  const problem = confirm.error && asProblem(confirm.error);
  return (
    <Dialog
      isOpen
      heading={text.heading}
      ariaCloseLabel={text.cancel}
      onExit={() => confirmation.answer(false)}
    >
      <p>{text.why}</p>
      {problem && (
        <ProblemAlert error={problem} text={problem.kind === 'log-in-failed' ? text.wrong : undefined} />
      )}
      <form noValidate onSubmit={submit}>
        <TextField
          id="confirmation-password"
          name="password"
          type="password"
          label={text.password}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" disabled={confirm.isPending}>
            {confirm.isPending ? text.sending : text.submit}
          </Button>
          <Button disabled={confirm.isPending} onClick={() => confirmation.answer(false)}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
