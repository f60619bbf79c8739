import { Alert } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { logInBody, type Session } from '../../../../api/schemas/accounts/session.ts';
import type { SecondFactorKind } from '../../../../domain/accounts/second-factor.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';
import { homeOf } from '../../account-home.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { keys, useSession, useSessionStart } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { ErrorSummary } from '../../form/error-summary.tsx';
import { TextInput } from '../../form/fields.tsx';
import { PasswordInput } from '../../form/password-input.tsx';
import { useApiForm } from '../../form/use-api-form.ts';
import { Page } from '../../layout/frame/page.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { logInByPasskey } from '../../passkeys/ceremonies.ts';
import { PasskeyButton } from '../../passkeys/passkey-button.tsx';
import { useSuggestedPasskey } from '../../passkeys/use-suggested-passkey.ts';
import { usePortal, useText } from '../../portal-context.tsx';
import { useInstallWay } from './app/use-install-way.ts';

/** Logs the user in, then opens the page that asked for it; otherwise the first page of their account. */
export function LogInPage() {
  const { calls, device, drafts } = usePortal();
  const isApp = useInstallWay() === 'installed';
  const arrive = useSessionStart();
  const text = useText().words.logIn;
  const queries = useQueryClient();
  const { data: session } = useSession();
  const from = boundFor(useLocation().state);
  const enter = async (account: Session) => {
    // a read that began before the log-in would say afterwards that nobody is logged in
    await queries.cancelQueries({ queryKey: keys.session });
    arrive(account);
    queries.setQueryData(keys.session, account);
    // while the log-in still counts as one that was just confirmed
    device.resume(calls, account.accountId).catch(() => undefined);
  };
  const onLoggedIn = (account: Session) => void enter(account);
  useSuggestedPasskey(onLoggedIn);

  const byPasskey = (
    <PasskeyButton
      isFirst={isApp}
      ask={() => logInByPasskey(calls, { fromField: false })}
      onDone={onLoggedIn}
    />
  );
  if (session) return <Navigate to={from ?? homeOf(session)} replace />;
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      {from !== undefined && (
        <Alert>
          <p className="ds-u-margin--0">{text.first}</p>
          {drafts.hasAny() && <p className="ds-u-margin--0">{text.typed}</p>}
        </Alert>
      )}
      {/* in the app first: fingerprint or face are faster than any password, and whoever has none goes on below */}
      {isApp && byPasskey}
      <PasswordForm onLoggedIn={onLoggedIn} />
      {!isApp && byPasskey}
      <Trouble />
    </Page>
  );
}

/** Ways on for those who cannot log in, whoever they are. */
function Trouble() {
  const text = useText().words.logIn.trouble;
  return (
    <section aria-labelledby="trouble">
      <h2 id="trouble" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <ul>
        <li>
          <Link to="/forgot-password">{text.password}</Link>
        </li>
        <li>
          <Link to="/log-in-help">{text.username}</Link>
        </li>
        <li>
          {text.factor} <a href={`mailto:${helpContacts.helpDesk}`}>{helpContacts.helpDesk}</a>
        </li>
        <li>{text.staff}</li>
        <li>
          <Link to="/help">{text.consumer}</Link>
        </li>
      </ul>
    </section>
  );
}

/** Form for username and password, and for the code once the account turns out to need one. */
function PasswordForm({ onLoggedIn }: { onLoggedIn: (account: Session) => void }) {
  const { calls } = usePortal();
  const text = useText().words.logIn;
  const [asked, setAsked] = useState<readonly SecondFactorKind[]>([]);
  const asksForCode = asked.includes('code');
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: logInBody,
    defaults: { username: '', password: '', code: '' },
    draft: 'logged-out',
    toBody: ({ username, password, code }) => ({
      username: username.trim(),
      password,
      code: asksForCode ? code : undefined,
    }),
    words: { username: text.username, password: text.password, code: text.code },
  });
  const enter = useMutation({
    mutationFn: calls.logIn,
    onSuccess: onLoggedIn,
    onError: (error) => {
      const problem = asProblem(error);
      showRefused(problem);
      const by = missingFactors(problem);
      if (by) setAsked(by);
      // a code is worth nothing any more; a password stays, so that a typing mistake can be seen and mended
      else if (problem.kind === 'second-factor-failed') form.resetField('code');
    },
  });
  const failed = enter.error && asProblem(enter.error);
  return (
    <>
      {failed && failed.errors.length === 0 && !missingFactors(failed) && (
        <ProblemAlert error={failed} text={failureText(failed, text)} />
      )}
      {asked.length > 0 && !asksForCode && (
        <Alert>
          <p className="ds-u-margin--0">{text.passkeyOnly}</p>
        </Alert>
      )}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => enter.mutate(body))(event)}>
        <TextInput
          field={form.register('username')}
          label={text.username.label}
          error={textOf('username')}
          autoComplete="username webauthn"
        />
        <PasswordInput
          field={form.register('password')}
          label={text.password.label}
          error={textOf('password')}
          autoComplete="current-password"
        />
        {asksForCode && (
          <TextInput
            field={form.register('code')}
            label={text.code.label}
            hint={text.code.hint}
            error={textOf('code')}
            autoComplete="one-time-code"
          />
        )}
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={enter.isPending}>
            {enter.isPending ? text.submitting : text.submit}
          </Button>
        </div>
      </form>
    </>
  );
}

/** What a log-in with the right password still needs; undefined for another problem. */
function missingFactors({ kind, members }: ApiProblem): readonly SecondFactorKind[] | undefined {
  return kind === 'second-factor-required' ? (members['by'] as SecondFactorKind[]) : undefined;
}

function failureText({ kind }: ApiProblem, text: { failed: string; code: { wrong: string } }) {
  if (kind === 'log-in-failed') return text.failed;
  return kind === 'second-factor-failed' ? text.code.wrong : undefined;
}

/** Path of the page that asked for the log-in. It comes from the portal's router, so it is never another site. */
function boundFor(state: unknown): string | undefined {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === 'string' && from.startsWith('/') ? from : undefined;
}
