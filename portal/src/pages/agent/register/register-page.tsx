import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentChannel } from '../../../../../domain/notifications/contact.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useKeptLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText } from '../../../portal-context.tsx';
import { DeadLink } from './dead-link.tsx';
import { RegistrationDone } from './registration-done.tsx';
import { RegistrationForm } from './registration-form.tsx';

/** Problems that a retry cannot solve: the link is dead or was never valid. */
const deadKinds: ReadonlySet<string> = new Set([
  'invitation-expired',
  'invitation-ended',
  'already-registered',
  'not-found',
  'not-eligible',
  'invalid-fields',
]);

/** Page behind the link of the invitation mail: sign up, or read why the link does not work (docs/guide.md, step 2 and 3). */
export function RegisterPage() {
  const { calls } = usePortal();
  const { words } = useText();
  const token = useKeptLinkToken('invitation');
  const [done, setDone] = useState<readonly AgentChannel[]>();
  const [refused, setRefused] = useState<ApiProblem>();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => calls.lookUpInvitation(token ?? ''),
    enabled: token !== undefined && !done,
    staleTime: Number.POSITIVE_INFINITY,
  });

  const { error } = invitation;
  const dead = refused ?? (error instanceof ApiProblem && deadKinds.has(error.kind) ? error : undefined);
  if (!done && (token === undefined || dead)) return <DeadLink token={token} problem={dead} />;
  return (
    // one page in both states, so that the heading gets the focus when its title changes
    <Page title={done ? words.register.done.title : words.register.title}>
      {done ? (
        <RegistrationDone byText={done.includes('text')} byApp={done.includes('push')} />
      ) : (
        <Loaded query={invitation}>
          {(found) => (
            <RegistrationForm
              token={token ?? ''}
              invitation={found}
              onDone={setDone}
              onTermsChanged={() => void invitation.refetch()}
              onRefused={(problem) => {
                if (!deadKinds.has(problem.kind)) return false;
                setRefused(problem);
                return true;
              }}
            />
          )}
        </Loaded>
      )}
    </Page>
  );
}
