import { Alert, Spinner } from '@cmsgov/design-system';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.ts';
import { Button } from '../form/button.tsx';
import { useText } from '../portal-context.tsx';
import { useProblemText } from './problem-alert.tsx';
import { Status } from './status.tsx';

export interface LoadedProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch' | 'isPending'>;
  children: (data: Data) => ReactNode;
}

/** Shows loaded data. Before that it shows a loading text, or the problem with a button to try again. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { words } = useText();
  const textOf = useProblemText();
  if (query.data !== undefined) return children(query.data);
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
