import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWatch } from 'react-hook-form';
import {
  type PasswordReset,
  passwordResetCompletion,
} from '../../../../../api/schemas/accounts/passwords.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { deleteKeptLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { NewPasswordField, UsernameForManagers } from '../../agent/register/new-password-field.tsx';
import { knownFaults } from '../../agent/register/password-rules.tsx';

export interface ResetPasswordFormProps {
  token: string;
  link: PasswordReset;
  onDone: () => void;
  /** Called with a problem that belongs to no field. */
  onRefused: (problem: ApiProblem) => void;
}

/** Form for a new password, by the link in a mail. */
export function ResetPasswordForm({ token, link, onDone, onRefused }: ResetPasswordFormProps) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.passwords;
  const queries = useQueryClient();
  const { username, expiresAt } = link;
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: passwordResetCompletion,
    defaults: { password: '' },
    draft: 'logged-out',
    toBody: ({ password }) => ({ token, password }),
    words: { password: { ...text.password, codes: sentences.passwordFault } },
    extraFaults: ({ password }) => (knownFaults(password, { username }).length > 0 ? ['password'] : []),
  });
  const password = useWatch({ control: form.control, name: 'password' });
  const reset = useMutation({
    mutationFn: calls.completePasswordReset,
    onSuccess: () => {
      deleteKeptLinkToken('password-reset');
      // the session of this browser may have been one of those that ended
      void queries.invalidateQueries({ queryKey: keys.session });
      onDone();
    },
    onError: (error) => {
      const problem = asProblem(error);
      if (!showRefused(problem)) onRefused(problem);
    },
  });

  return (
    <>
      <p>{text.reset.lead(username, sentences.at(new Date(expiresAt), whenHere(now())))}</p>
      {reset.error && shown.length === 0 && <ProblemAlert error={reset.error} />}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => reset.mutate(body))(event)}>
        <UsernameForManagers username={username} />
        <NewPasswordField
          field={form.register('password')}
          label={text.password.label}
          error={textOf('password')}
          password={password}
          owner={{ username }}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={reset.isPending}>
            {reset.isPending ? text.reset.submitting : text.reset.submit}
          </Button>
        </div>
      </form>
    </>
  );
}
