import { Choice } from '@cmsgov/design-system';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { TermsKind } from '../../../../../domain/onboarding/facts.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { fieldId } from '../../../form/error-summary.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { DocumentText } from '../../../layout/document-text.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** One document to read and accept. Its version is sent with the acceptance. */
export function TermsForm({ kind, onAccepted }: { kind: TermsKind; onAccepted: () => void }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.onboarding;
  const name = sentences.terms[kind];
  const queries = useQueryClient();
  // by version, because a newer version must be read first
  const [agreedTo, setAgreedTo, draft] = useDraftState<string | null>({ kept: `terms ${kind}` }, null);
  const [missed, setMissed] = useState(false);
  const terms = useQuery({ queryKey: keys.terms(kind), queryFn: () => calls.terms(kind) });
  const accept = useMutation({
    mutationFn: (version: string) => calls.acceptTerms(kind, version),
    onSuccess: (view) => {
      draft.clear();
      queries.setQueryData(keys.onboarding, view);
      onAccepted();
    },
    onError: (error) => {
      if (asProblem(error).status !== 422) return;
      setAgreedTo(null);
      void terms.refetch();
    },
  });
  const id = fieldId(`agree-${kind}`);
  const send = (version: string) => (event: SubmitEvent) => {
    event.preventDefault();
    setMissed(agreedTo !== version);
    if (agreedTo === version) accept.mutate(version);
    else document.getElementById(id)?.focus();
  };

  return (
    <div className="hod-card">
      <h3 className="ds-text-heading--md">{name}</h3>
      <Loaded query={terms}>
        {({ version, text: document }) => (
          <form noValidate onSubmit={send(version)}>
            <DraftNotice draft={draft} onDiscard={() => setAgreedTo(null)} />
            <DocumentText name={name} version={version} text={document} />
            {accept.error && (
              <ProblemAlert
                error={accept.error}
                text={asProblem(accept.error).status === 422 ? words.problem['terms-version'] : undefined}
              />
            )}
            <Choice
              type="checkbox"
              name={`agree-${kind}`}
              id={id}
              value="yes"
              label={text.agree(name)}
              errorMessage={missed && agreedTo !== version ? text.agreeMissing(name) : undefined}
              checked={agreedTo === version}
              onChange={(event) => setAgreedTo(event.target.checked ? version : null)}
            />
            <div className="hod-buttons">
              <Button type="submit" variation="solid" isBusy={accept.isPending}>
                {accept.isPending ? text.accepting : text.accept}
                <span className="ds-u-visibility--screen-reader"> {name}</span>
              </Button>
            </div>
          </form>
        )}
      </Loaded>
    </div>
  );
}
