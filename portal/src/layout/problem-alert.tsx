import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import { type ApiProblem, asProblem } from '../api/problem.ts';
import { useLanguage, useText } from '../portal-context.tsx';

/** Chooses the text of a problem for the user. */
export function useProblemText(): (problem: ApiProblem) => string {
  const { problem } = useText().words;
  const { showsDetails } = useLanguage();
  return ({ kind, status, message }) => {
    if (Object.hasOwn(problem, kind)) return problem[kind as keyof typeof problem];
    return status >= 500 || !showsDetails ? problem.unexpected : message;
  };
}

/** Alert for an error that belongs to no field. It takes the focus, so that users notice it. */
export function ProblemAlert({ error, text }: { error: unknown; text?: string }) {
  const { words } = useText();
  const textOf = useProblemText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      <Alert variation="error" heading={words.problemHeading}>
        <p>{text ?? textOf(asProblem(error))}</p>
      </Alert>
    </div>
  );
}
