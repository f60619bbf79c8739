import { Alert, Button } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, useLocation } from 'react-router';
import { type LogInBody, logInBody } from '../../../../api/schemas/accounts/session.ts';
import { homeOf } from '../../account-home.ts';
import { asProblem } from '../../api/problem.ts';
import { keys, useSession, useSessionStart } from '../../api/queries.ts';
import { ErrorSummary } from '../../form/error-summary.tsx';
import { TextInput } from '../../form/fields.tsx';
import { useApiForm } from '../../form/use-api-form.ts';
import { Page } from '../../layout/page.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

/** Logs the user in, then opens the page that asked for it; otherwise the checklist, or the board for ops. */
export function LogInPage() {
  const { calls, drafts } = usePortal();
  const arrive = useSessionStart();
  const { words } = useText();
  const text = words.logIn;
  const queries = useQueryClient();
  const { data: session } = useSession();
  const from = boundFor(useLocation().state);
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: logInBody,
    defaults: { username: '', password: '' } satisfies LogInBody,
    draft: 'logged-out',
    toBody: ({ username, password }) => ({ username: username.trim(), password }),
    words: { username: text.username, password: text.password },
  });
  const enter = useMutation({
    mutationFn: calls.logIn,
    onSuccess: async (account) => {
      // a read that began before the log-in would say afterwards that nobody is logged in
      await queries.cancelQueries({ queryKey: keys.session });
      arrive(account);
      queries.setQueryData(keys.session, account);
    },
    onError: (error) => {
      showRefused(asProblem(error));
      form.resetField('password');
    },
  });

  if (session) return <Navigate to={from ?? homeOf(session)} replace />;
  const failed = enter.error && asProblem(enter.error);
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      {from !== undefined && !failed && (
        <Alert>
          <p className="ds-u-margin--0">{text.first}</p>
          {drafts.hasAny() && <p className="ds-u-margin--0">{text.typed}</p>}
        </Alert>
      )}
      {failed && failed.errors.length === 0 && (
        <ProblemAlert error={failed} text={failed.kind === 'log-in-failed' ? text.failed : undefined} />
      )}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => enter.mutate(body))(event)}>
        <TextInput
          field={form.register('username')}
          label={text.username.label}
          error={textOf('username')}
          autoComplete="username"
        />
        <TextInput
          field={form.register('password')}
          label={text.password.label}
          error={textOf('password')}
          type="password"
          autoComplete="current-password"
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" disabled={enter.isPending}>
            {enter.isPending ? text.submitting : text.submit}
          </Button>
        </div>
      </form>
      <p>
        <Link to="/forgot-password">{text.forgotPassword}</Link>
      </p>
      <p>
        <Link to="/log-in-help">{text.help}</Link>
      </p>
    </Page>
  );
}

/** Path of the page that asked for the log-in. It comes from the portal's router, so it is never another site. */
function boundFor(state: unknown): string | undefined {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === 'string' && from.startsWith('/') ? from : undefined;
}
