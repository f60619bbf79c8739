import { Dialog } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useForm } from 'react-hook-form';
import { asProblem } from '../../api/problem.ts';
import { Button } from '../../form/button.tsx';
import { TextInput } from '../../form/fields.tsx';
import { PasswordInput } from '../../form/password-input.tsx';
import { confirmByPasskey } from '../../passkeys/ceremonies.ts';
import { PasskeyButton } from '../../passkeys/passkey-button.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { ProblemAlert } from '../problem-alert.tsx';

/** Dialog that takes the password, and a code or a passkey where one is needed. */
export function PasswordQuestion() {
  const { calls, confirmation } = usePortal();
  const { words } = useText();
  const text = words.account.confirmation;
  const { register, getValues, resetField } = useForm({ defaultValues: { password: '', code: '' } });
  const [asksForCode, setAsksForCode] = useState(false);
  const confirm = useMutation({
    mutationFn: () => {
      const { password, code } = getValues();
      return calls.confirm({ password, ...(asksForCode ? { code } : {}) });
    },
    onSuccess: () => confirmation.answer(true),
    onError: (error) => {
      const { kind, members } = asProblem(error);
      if (kind === 'second-factor-required') setAsksForCode((members['by'] as string[]).includes('code'));
      else resetField('code');
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { password, code } = getValues();
    if (password === '') document.getElementById('confirmation-password')?.focus();
    else if (asksForCode && code === '') document.getElementById('confirmation-code')?.focus();
    else confirm.mutate();
  };
  const problem = confirm.error && asProblem(confirm.error);
  const textOf = (kind: string) => {
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
      {problem && <ProblemAlert error={problem} text={textOf(problem.kind)} />}
      <form noValidate onSubmit={submit}>
        {/* ids of their own: the page below may have fields of the same names */}
        <PasswordInput
          field={register('password')}
          id="confirmation-password"
          label={text.password}
          autoComplete="current-password"
        />
        {asksForCode && (
          <TextInput
            field={register('code')}
            id="confirmation-code"
            label={text.code}
            autoComplete="one-time-code"
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
