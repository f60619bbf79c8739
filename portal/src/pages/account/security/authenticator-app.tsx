import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SecondFactor } from '../../../../../api/schemas/accounts/second-factor.ts';
import { Button } from '../../../form/button.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { NewApp } from './new-app.tsx';
import { ShownCodes } from './recovery-codes.tsx';
import { useFactorsChanged } from './use-factors-changed.ts';

/** Section with the authenticator app of the account, to add, replace and remove. */
export function AuthenticatorApp({ app }: { app: SecondFactor['authenticatorApp'] }) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.security.app;
  const changed = useFactorsChanged();
  const [codes, setCodes] = useState<readonly string[]>();
  const begin = useMutation({ mutationFn: calls.beginApp });
  const remove = useMutation({ mutationFn: calls.removeApp, onSuccess: changed });
  const error = begin.error ?? remove.error;
  return (
    <section aria-labelledby="authenticator-app">
      <h2 id="authenticator-app" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>{text.what}</p>
      <p>{app ? text.since(sentences.at(new Date(app.confirmedAt), whenHere(now()))) : text.none}</p>
      {error && <ProblemAlert error={error} />}
      {codes && <ShownCodes of={codes} onSaved={() => setCodes(undefined)} />}
      {begin.data ? (
        <NewApp
          key={begin.data.keyId}
          of={begin.data}
          onCancel={begin.reset}
          onAdded={(given) => {
            begin.reset();
            setCodes(given);
            void changed();
          }}
        />
      ) : (
        <div className="hod-buttons">
          <Button isBusy={begin.isPending} onClick={() => begin.mutate()}>
            {app ? text.replace : text.add}
          </Button>
          {app && (
            <Button isBusy={remove.isPending} onClick={() => remove.mutate()}>
              {text.remove}
            </Button>
          )}
        </div>
      )}
      <Status>{remove.isSuccess && !app ? text.wasRemoved : ''}</Status>
    </section>
  );
}
