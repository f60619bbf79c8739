import { useCallback, useEffect, useState } from 'react';
import { asProblem } from './problem.ts';
import { withRetries } from './retries.ts';

/** What a page has read: the last answer stays while it is read again. */
export interface Answer<Data> {
  data: Data | undefined;
  /** Unix time in milliseconds of the answer. */
  dataUpdatedAt: number;
  error: Error | null;
  refetch: () => void;
}

/** Reads an answer of the API on a page without the query client. @param read the same function as long as it asks the same */
export function useAnswer<Data>(read: () => Promise<Data>): Answer<Data> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Answer<Data>, 'refetch'>>({
    data: undefined,
    dataUpdatedAt: 0,
    error: null,
  });
  const refetch = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    let isCurrent = true;
    withRetries(read).then(
      (data) => isCurrent && setState({ data, dataUpdatedAt: Date.now(), error: null }),
      (error: unknown) => isCurrent && setState((before) => ({ ...before, error: asProblem(error) })),
    );
    return () => {
      isCurrent = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a new round reads again
  }, [read, round]);
  return { ...state, refetch };
}
