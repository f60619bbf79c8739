import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { Link } from 'react-router';
import { passwordChange } from '../../../../../api/schemas/accounts/passwords.ts';
import type { Session } from '../../../../../api/schemas/accounts/session.ts';
import { homeOf } from '../../../account-home.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { NewPasswordField, UsernameForManagers } from '../../agent/register/new-password-field.tsx';
import { knownFaults } from '../../agent/register/password-rules.tsx';

/** Form for a new password of the account that is logged in. The current one is asked for by the confirmation. */
export function ChangePasswordForm({ owner }: { owner: Session }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.passwords;
  const queries = useQueryClient();
  const [isDone, setIsDone] = useState(false);
  const { form, summary, shown, textOf, submit, showRefused, draft } = useApiForm({
    schema: passwordChange,
    defaults: { password: '' },
    draft: { lost: 'password' },
    toBody: ({ password }) => ({ password }),
    words: { password: { ...text.password, codes: sentences.passwordFault } },
    extraFaults: ({ password }) => (knownFaults(password, owner).length > 0 ? ['password'] : []),
  });
  const password = useWatch({ control: form.control, name: 'password' });
  const change = useMutation({
    mutationFn: calls.changePassword,
    onSuccess: () => {
      form.reset();
      draft.clear();
      setIsDone(true);
      // a generated password that is replaced opens the other pages
      for (const queryKey of [keys.account, keys.session]) void queries.invalidateQueries({ queryKey });
    },
    onError: (error) => void showRefused(asProblem(error)),
  });
  const send = submit((body) => {
    setIsDone(false);
    change.mutate(body);
  });

  return (
    <>
      <DraftNotice draft={draft} onDiscard={draft.discard} />
      {change.error && shown.length === 0 && <ProblemAlert error={change.error} />}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void send(event)}>
        <UsernameForManagers username={owner.username} />
        <NewPasswordField
          field={form.register('password')}
          label={text.password.label}
          error={textOf('password')}
          password={password}
          owner={owner}
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={change.isPending}>
            {change.isPending ? text.change.submitting : text.change.submit}
          </Button>
        </div>
      </form>
      <Status>{isDone ? text.change.done : ''}</Status>
      {isDone && !owner.mustReplacePassword && (
        <p>
          <Link to={homeOf(owner)}>{text.change.goOn}</Link>
        </p>
      )}
    </>
  );
}
