import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { ApiProblem } from '../../../api/problem.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useKeptLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { ResetPasswordForm } from './reset-password-form.tsx';

/** Problems that a retry cannot solve: the link was used or replaced, has expired, or was never valid. */
const deadKinds: ReadonlySet<string> = new Set(['not-found', 'link-expired', 'invalid-fields']);

/** Page behind the link in the mail of somebody who forgot the password: set a new one, or read why the link does not work. */
export function ResetPasswordPage() {
  const { calls } = usePortal();
  const text = useText().words.passwords.reset;
  const token = useKeptLinkToken('password-reset');
  const [isDone, setIsDone] = useState(false);
  const [refused, setRefused] = useState<ApiProblem>();
  const link = useQuery({
    queryKey: ['password-reset', token],
    queryFn: () => calls.lookUpPasswordReset(token ?? ''),
    enabled: token !== undefined && !isDone,
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (isDone)
    return (
      <Page title={text.done.title}>
        <p>{text.done.text}</p>
        <Link to="/login" className="ds-c-button ds-c-button--solid">
          {text.done.logIn}
        </Link>
      </Page>
    );
  const { error } = link;
  const dead = refused ?? (error instanceof ApiProblem && deadKinds.has(error.kind) ? error : undefined);
  if (token === undefined || dead) return <DeadLink problem={dead} />;
  return (
    <Page title={text.title}>
      <Loaded query={link}>
        {(found) => (
          <ResetPasswordForm
            token={token}
            link={found}
            onDone={() => setIsDone(true)}
            onRefused={(problem) => deadKinds.has(problem.kind) && setRefused(problem)}
          />
        )}
      </Loaded>
    </Page>
  );
}

/** Says why a link cannot be used, and leads to a new one. @param problem undefined: the link is incomplete */
function DeadLink({ problem }: { problem: ApiProblem | undefined }) {
  const { now } = usePortal();
  const { sentences, words } = useText();
  const text = words.passwords.reset.dead;
  const reason = () => {
    if (problem === undefined) return text.missing;
    if (problem.kind !== 'link-expired') return text.unknown;
    return text.expired(problem.at && sentences.at(problem.at, whenHere(now())));
  };
  return (
    <Page title={text.title}>
      <p>{reason()}</p>
      <div className="hod-buttons">
        <Link to="/forgot-password" className="ds-c-button ds-c-button--solid">
          {text.again}
        </Link>
        <Link to="/login" className="ds-c-button">
          {words.logIn.title}
        </Link>
      </div>
    </Page>
  );
}
