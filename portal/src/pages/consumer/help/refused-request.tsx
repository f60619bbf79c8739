import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import { stateMarketplace } from '../../../../../api/schemas/problem.ts';
import type { ApiProblem } from '../../../api/problem.ts';
import { Facts } from '../../../layout/facts.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { useText } from '../../../portal-context.tsx';

/** Alert for a refused request: the state has its own marketplace, a request is open already, or an error. */
export function RefusedRequest({ problem }: { problem: ApiProblem }) {
  const { sentences, words } = useText();
  const { elsewhere, alreadyOpen } = words.help;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  const marketplace =
    problem.kind === 'state-marketplace'
      ? stateMarketplace.safeParse(problem.members['marketplace']).data
      : undefined;
  if (problem.kind === 'intake-paused')
    return (
      <ProblemAlert error={problem} text={noticeIn(problem, sentences.language) ?? sentences.intakePaused} />
    );
  if (!marketplace && problem.kind !== 'already-open') return <ProblemAlert error={problem} />;
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      {marketplace ? (
        <Alert variation="warn" heading={elsewhere.heading}>
          <p>{elsewhere.text(marketplace.name)}</p>
          <Facts
            of={[
              [
                marketplace.name,
                <a key="url" href={marketplace.url}>
                  {marketplace.url}
                </a>,
              ],
              [
                elsewhere.phone,
                <a key="phone" href={`tel:+${marketplace.phone.replace(/\D/g, '')}`}>
                  {marketplace.phone}
                </a>,
              ],
            ]}
          />
        </Alert>
      ) : (
        <Alert variation="warn" heading={alreadyOpen.heading}>
          <p className="ds-u-margin--0">{alreadyOpen.text}</p>
        </Alert>
      )}
    </div>
  );
}

/** Text by the operations team for the people of a state; undefined if there is none in the language. */
function noticeIn({ members }: ApiProblem, language: string): string | undefined {
  const notice = (members['notice'] ?? {}) as Readonly<Record<string, unknown>>;
  const text = notice[language];
  return typeof text === 'string' ? text : undefined;
}
