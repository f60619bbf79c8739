import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { StateMarketplace } from '../../../../../api/schemas/problem.ts';
import type { ApiProblem } from '../../../api/problem.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { useText } from '../../../portal-context.tsx';
import { StateMarketplaceCard } from './state-marketplace-card.tsx';

/** Alert for a refused request: the state has its own marketplace, a request is open already, or an error. */
export function RefusedRequest({ problem }: { problem: ApiProblem }) {
  const { sentences, words } = useText();
  const { alreadyOpen } = words.help;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  const marketplace = problem.kind === 'state-marketplace' ? marketplaceIn(problem) : undefined;
  if (problem.kind === 'intake-paused')
    return (
      <ProblemAlert error={problem} text={noticeIn(problem, sentences.language) ?? sentences.intakePaused} />
    );
  if (!marketplace && problem.kind !== 'already-open') return <ProblemAlert error={problem} />;
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      {marketplace ? (
        <StateMarketplaceCard marketplace={marketplace} />
      ) : (
        <Alert variation="warn" heading={alreadyOpen.heading}>
          <p className="ds-u-margin--0">{alreadyOpen.text}</p>
        </Alert>
      )}
    </div>
  );
}

/** The marketplace that a problem names; undefined if it is not whole. */
function marketplaceIn({ members }: ApiProblem): StateMarketplace | undefined {
  const { name, url, phone } = (members['marketplace'] ?? {}) as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof url === 'string' && typeof phone === 'string'
    ? { name, url, phone }
    : undefined;
}

/** Text by the operations team for the people of a state; undefined if there is none in the language. */
function noticeIn({ members }: ApiProblem, language: string): string | undefined {
  const notice = (members['notice'] ?? {}) as Readonly<Record<string, unknown>>;
  const text = notice[language];
  return typeof text === 'string' ? text : undefined;
}
