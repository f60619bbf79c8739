import {
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Session } from '../../../api/schemas/session.ts';
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

/** Who is logged in; null when nobody is. Looked up again when the tab is: another one may have changed it. */
export function useSession() {
  const { calls } = usePortal();
  const arrive = useArrival();
  return useQuery({
    queryKey: keys.session,
    queryFn: async () => {
      const account = await calls.session();
      if (account) arrive(account);
      return account;
    },
    staleTime: 60_000,
    refetchOnWindowFocus: 'always',
  });
}

/** Before the pages hear that somebody is logged in: what another account saw or typed in this tab goes. */
export function useArrival(): (account: Session) => void {
  const { drafts } = usePortal();
  const queries = useQueryClient();
  return ({ username }) => {
    drafts.keepOnly(username);
    if (queries.getQueryData<Session | null>(keys.session)?.username === username) return;
    queries.removeQueries({ queryKey: keys.agent });
    queries.removeQueries({ queryKey: keys.ops });
  };
}

/**
 * Goes to the start page, logs out and forgets what the agent saw and typed. In this order: an agent's page that is still
 * open when the session ends would ask to log in again.
 */
export function useLogOut() {
  const { calls, drafts } = usePortal();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      await navigate('/');
      await calls.logOut();
    },
    onSuccess: () => {
      drafts.clear();
      queries.setQueryData(keys.session, null);
      queries.removeQueries({ queryKey: keys.agent });
      queries.removeQueries({ queryKey: keys.ops });
    },
  });
}
