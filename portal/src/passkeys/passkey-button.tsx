import { Alert } from '@cmsgov/design-system';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Session } from '../../../api/schemas/accounts/session.ts';
import { asProblem } from '../api/problem.ts';
import { Button } from '../form/button.tsx';
import { ProblemAlert } from '../layout/problem-alert.tsx';
import { useText } from '../portal-context.tsx';
import { ceremonyFaultOf } from './ceremonies.ts';

export interface PasskeyButtonProps {
  /** Asks the browser for a passkey and sends it. */
  ask: () => Promise<Session>;
  onDone: (account: Session) => void;
  /** It is the first choice of its page, and asks by itself when the page has come by a tap. */
  isFirst?: boolean;
}

/** Button that asks for a passkey; nothing where the browser has none. */
export function PasskeyButton({ ask, onDone, isFirst = false }: PasskeyButtonProps) {
  const text = useText().words.logIn.passkey;
  const enter = useMutation({ mutationFn: ask, onSuccess: onDone });
  const { mutate } = enter;
  const hasAsked = useRef(false);
  useEffect(() => {
    // without a tap Safari refuses, and a person who has only opened the page would be startled
    if (!isFirst || hasAsked.current || !navigator.userActivation?.isActive || !browserSupportsWebAuthn())
      return;
    hasAsked.current = true;
    mutate();
  }, [isFirst, mutate]);
  if (!browserSupportsWebAuthn()) return null;
  const isRefused = enter.error && asProblem(enter.error).kind === 'passkey-refused';
  return (
    <>
      {enter.error && !ceremonyFaultOf(enter.error) && (
        <ProblemAlert error={enter.error} text={isRefused ? text.refused : undefined} />
      )}
      {enter.error && ceremonyFaultOf(enter.error) && (
        <Alert variation="warn">
          <p className="ds-u-margin--0">{text.unfinished}</p>
        </Alert>
      )}
      <div className="hod-buttons">
        <Button
          variation={isFirst ? 'solid' : undefined}
          isBusy={enter.isPending}
          onClick={() => enter.mutate()}
        >
          {enter.isPending ? text.using : text.use}
        </Button>
      </div>
    </>
  );
}
