import { Alert } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import { type ApiProblem, asProblem } from '../api/problem.ts';
import { useLanguage, useText } from '../portal-context.tsx';

/** What a problem says to the person before it. */
export function useProblemText(): (problem: ApiProblem) => string {
  const { problem } = useText().words;
  const { language } = useLanguage();
  return ({ kind, status, message }) => {
    if (Object.hasOwn(problem, kind)) return problem[kind as keyof typeof problem];
    // the service tells in English what happened
    return status >= 500 || language !== 'en' ? problem.unexpected : message;
  };
}

/** A command that failed for another reason than its fields. It takes the focus, so that nobody misses it. */
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
