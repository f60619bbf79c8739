import { useQueryClient } from '@tanstack/react-query';
import { keys } from '../../../api/queries.ts';

/** Returns a function that reads again what a change of a second factor can change: the factors, and what the session may. */
export function useFactorsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: keys.account }),
      queries.invalidateQueries({ queryKey: keys.session }),
    ]);
  };
}
