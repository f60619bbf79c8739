import { Dialog, TextField } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useState, useSyncExternalStore } from 'react';
import { asProblem } from '../api/problem.ts';
import { Button } from '../form/button.tsx';
import { confirmByPasskey } from '../passkeys/ceremonies.ts';
import { PasskeyButton } from '../passkeys/passkey-button.tsx';
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
  const [code, setCode] = useState<string>();
  const confirm = useMutation({
    mutationFn: () => calls.confirm({ password, ...(code === undefined ? {} : { code }) }),
    onSuccess: () => confirmation.answer(true),
    onError: (error) => {
      const { kind, members } = asProblem(error);
      if (kind === 'log-in-failed') setPassword('');
      if (kind === 'second-factor-required')
        setCode((members['by'] as string[]).includes('code') ? '' : undefined);
      else if (code !== undefined) setCode('');
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (password === '') document.getElementById('confirmation-password')?.focus();
    else if (code === '') document.getElementById('confirmation-code')?.focus();
    else confirm.mutate();
  };
  const problem = confirm.error && asProblem(confirm.error);
  const textOf = (kind: string, asksForCode: boolean) => {
    if (kind === 'log-in-failed') return text.wrong;
    if (kind === 'second-factor-failed') return text.wrongCode;
    if (kind === 'second-factor-required') return asksForCode ? text.codeNeeded : text.passkeyOnly;
    return undefined;
  };
  return (
    <Dialog
      isOpen
      heading={text.heading}
      ariaCloseLabel={text.cancel}
      onExit={() => confirmation.answer(false)}
    >
      <p>{text.why}</p>
      {problem && <ProblemAlert error={problem} text={textOf(problem.kind, code !== undefined)} />}
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
        {code !== undefined && (
          <TextField
            id="confirmation-code"
            name="code"
            label={text.code}
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={confirm.isPending}>
            {confirm.isPending ? text.sending : text.submit}
          </Button>
          <Button isBusy={confirm.isPending} onClick={() => confirmation.answer(false)}>
            {text.cancel}
          </Button>
        </div>
      </form>
      <PasskeyButton ask={() => confirmByPasskey(calls)} onDone={() => confirmation.answer(true)} />
    </Dialog>
  );
}
