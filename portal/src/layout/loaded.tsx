import { Alert, Spinner } from '@cmsgov/design-system';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';
import { Button } from '../form/button.tsx';
import { usePortal, useText, whenHere } from '../portal-context.tsx';
import { useProblemText } from './problem-alert.tsx';
import { Status } from './status.tsx';

export interface LoadedProps<Data> {
  /** Result of a query, or of `useAnswer`. */
  query: {
    data: Data | undefined;
    /** Unix time in milliseconds. */
    dataUpdatedAt: number;
    error: Error | null;
    refetch: () => unknown;
  };
  children: (data: Data) => ReactNode;
}

/** Kinds of problems about which the strip on top of the page speaks, for all of its parts. */
const ofConnection = new Set(['unreachable', 'no-answer']);

/**
 * Shows loaded data, and since when it could not be updated. Before that it shows a loading text, or the problem with a button to
 * try again.
 */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { sentences, words } = useText();
  const { now } = usePortal();
  const textOf = useProblemText();
  if (query.data !== undefined)
    return (
      <>
        {query.error && !ofConnection.has(asProblem(query.error).kind) && (
          <p role="alert" className="hod-stale">
            {words.connection.notUpdated(sentences.at(new Date(query.dataUpdatedAt), whenHere(now())))}
          </p>
        )}
        {children(query.data)}
      </>
    );
  if (query.error)
    return (
      <Alert variation="error" heading={words.problemHeading}>
        <p>{textOf(asProblem(query.error))}</p>
        <Button onClick={() => void query.refetch()}>{words.tryAgain}</Button>
      </Alert>
    );
  return (
    <Status>
      <Spinner size="small" role="presentation" /> {words.loading}
    </Status>
  );
}
