import { Alert } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { helpContacts } from '../../../../../domain/text/help-contacts.ts';
import type { ApiProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { Page } from '../../../layout/frame/page.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { InvitationByNpn } from './invitation-by-npn.tsx';

/** Page for an unusable link: the reason, and how to get a new link. */
export function DeadLink({ token, problem }: { token: string | undefined; problem: ApiProblem | undefined }) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.register.dead;
  const renewal = useMutation({ mutationFn: calls.renewInvitation });
  const helpDesk = <a href={`mailto:${helpContacts.helpDesk}`}>{helpContacts.helpDesk}</a>;

  if (problem?.kind === 'not-eligible') {
    const { ineligible } = words.register;
    return (
      <Page title={ineligible.title}>
        <p>
          {ineligible.text} {helpDesk}
        </p>
      </Page>
    );
  }
  const isUnknown = !problem || ['not-found', 'invitation-ended', 'invalid-fields'].includes(problem.kind);
  const reason = () => {
    if (token === undefined) return text.missing;
    if (problem?.kind !== 'invitation-expired') return text.unknown;
    return text.expired(problem.at && sentences.at(problem.at, whenHere(now())));
  };
  return (
    <Page title={text.title}>
      <p>{reason()}</p>
      <p>
        {text.registered} <Link to="/login">{text.logIn}</Link>.
      </p>
      {renewal.error && <ProblemAlert error={renewal.error} />}
      {token !== undefined && !renewal.isSuccess && (
        <Button variation="solid" isBusy={renewal.isPending} onClick={() => renewal.mutate(token)}>
          {text.renew}
        </Button>
      )}
      <div>
        {renewal.isSuccess && (
          <Alert variation="success" className="ds-u-margin-y--2">
            <p className="ds-u-margin--0">{text.renewed}</p>
          </Alert>
        )}
      </div>
      {isUnknown && <InvitationByNpn />}
      <p>
        {text.helpDesk} {helpDesk}
      </p>
    </Page>
  );
}
