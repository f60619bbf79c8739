import { Alert } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import {
  type PasswordResetRequest,
  passwordResetRequest,
} from '../../../../../api/schemas/accounts/passwords.ts';
import { helpContacts } from '../../../../../domain/text/help-contacts.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Page for an agent who forgot the password. The link comes by email; the page itself shows the same to everybody. */
export function ForgotPasswordPage() {
  const { calls } = usePortal();
  const text = useText().words.passwords.forgot;
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: passwordResetRequest,
    defaults: { username: '' } satisfies PasswordResetRequest,
    draft: 'logged-out',
    toBody: ({ username }) => ({ username: username.trim() || undefined }),
    words: { username: text.username },
  });
  const ask = useMutation({
    mutationFn: calls.requestPasswordReset,
    onError: (error) => void showRefused(asProblem(error)),
  });

  if (ask.isSuccess)
    return (
      <Page title={text.sent.title}>
        <Alert variation="success">
          <p className="ds-u-margin--0">{text.sent.text}</p>
        </Alert>
        <p>{text.sent.spam}</p>
        <p>
          {text.sent.helpDesk} <a href={`mailto:${helpContacts.helpDesk}`}>{helpContacts.helpDesk}</a>
        </p>
        <p>{text.operations}</p>
      </Page>
    );
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      {ask.error && shown.length === 0 && <ProblemAlert error={ask.error} />}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => ask.mutate(body))(event)}>
        <TextInput
          field={form.register('username')}
          label={text.username.label}
          error={textOf('username')}
          autoComplete="username"
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={ask.isPending}>
            {ask.isPending ? text.submitting : text.submit}
          </Button>
        </div>
      </form>
      <p>
        <Link to="/log-in-help">{text.forgotUsername}</Link>
      </p>
    </Page>
  );
}
