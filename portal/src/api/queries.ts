import {
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { usePortal } from '../portal-context.tsx';
import { ApiProblem } from './problem.ts';

/** The keys that what was asked is kept under. */
export const keys = {
  session: ['session'],
  agent: ['agent'],
  onboarding: ['agent', 'onboarding'],
  phone: ['agent', 'phone'],
  profile: ['agent', 'profile'],
  availability: ['agent', 'availability'],
  offers: ['agent', 'offers'],
  referrals: ['agent', 'referrals'],
  terms: (kind: string) => ['terms', kind],
  consent: (kind: string) => ['consent', kind],
  referral: (id: string) => ['referral', id],
  ops: ['ops'],
  opsSummary: ['ops', 'summary'],
  opsBoard: (filter: object) => ['ops', 'board', filter],
  opsProblems: ['ops', 'problems'],
  opsUnclearReplies: ['ops', 'unclear-replies'],
  opsAgent: (npn: string) => ['ops', 'agent', npn],
} as const;

/**
 * Repeats by itself what the service asks to be repeated: contract and Idempotency-Key make every command of ours
 * safe to repeat. A log-in that has ended is forgotten, so that the page asks for it again.
 */
export function createQueryClient(): QueryClient {
  const forgetEndedLogIn = (error: Error) => {
    if (error instanceof ApiProblem && error.kind === 'not-authenticated')
      client.setQueryData(keys.session, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: forgetEndedLogIn }),
    mutationCache: new MutationCache({ onError: forgetEndedLogIn }),
    defaultOptions: {
      queries: { retry: isWorthRepeating, retryDelay: delayOf, staleTime: 5_000 },
      mutations: { retry: isWorthRepeating, retryDelay: delayOf, networkMode: 'always' },
    },
  });
  return client;
}

const isWorthRepeating = (count: number, error: Error) =>
  count < 3 && error instanceof ApiProblem && error.retryAfterMs !== undefined;

const delayOf = (count: number, error: Error) =>
  Math.min((error instanceof ApiProblem ? (error.retryAfterMs ?? 1_000) : 1_000) * (count + 1), 10_000);

/** Who is logged in; null when nobody is. */
export function useSession() {
  const { calls } = usePortal();
  return useQuery({ queryKey: keys.session, queryFn: calls.session, staleTime: 60_000 });
}

/**
 * Goes to the start page, logs out and forgets what the agent saw. In this order: an agent's page that is still
 * open when the session ends would ask to log in again.
 */
export function useLogOut() {
  const { calls } = usePortal();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      await navigate('/');
      await calls.logOut();
    },
    onSuccess: () => {
      queries.setQueryData(keys.session, null);
      queries.removeQueries({ queryKey: keys.agent });
      queries.removeQueries({ queryKey: keys.ops });
    },
  });
}
