import {
  MutationCache,
  QueryCache,
  QueryClient,
  skipToken,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import { useNavigate } from 'react-router';
import type { Session } from '../../../api/schemas/accounts/session.ts';
import { usePortal } from '../portal-context.tsx';
import { ApiProblem } from './problem.ts';

/** The keys that what was asked is kept under. */
export const keys = {
  session: ['session'],
  refusedWrite: ['refused-write'],
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
 * safe to repeat. A log-in that has ended is forgotten, so that the page asks for it again; where another account is
 * logged in by now, its pages take the place of these.
 */
export function createQueryClient(): QueryClient {
  const followLogIn = async (error: Error) => {
    if (isOfKind(error, 'not-authenticated')) client.setQueryData(keys.session, null);
    if (isOfKind(error, 'account-changed')) await client.refetchQueries({ queryKey: keys.session });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => void followLogIn(error) }),
    mutationCache: new MutationCache({
      onMutate: () => void client.setQueryData(keys.refusedWrite, null),
      onError: async (error) => {
        await followLogIn(error);
        if (isOfKind(error, 'account-changed')) client.setQueryData(keys.refusedWrite, error);
      },
    }),
    defaultOptions: {
      queries: { retry: isWorthRepeating, retryDelay: delayOf, staleTime: 5_000 },
      mutations: { retry: isWorthRepeating, retryDelay: delayOf, networkMode: 'always' },
    },
  });
  return client;
}

const isOfKind = (error: Error, kind: string) => error instanceof ApiProblem && error.kind === kind;

const isWorthRepeating = (count: number, error: Error) =>
  count < 3 && error instanceof ApiProblem && error.retryAfterMs !== undefined;

const delayOf = (count: number, error: Error) =>
  Math.min((error instanceof ApiProblem ? (error.retryAfterMs ?? 1_000) : 1_000) * (count + 1), 10_000);

/** Who is logged in; null when nobody is. Looked up again when the tab is: another one may have changed it. */
export function useSession() {
  const { calls } = usePortal();
  const arrive = useSessionStart();
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

/** What was not sent because another account is logged in; null once the person has done something else. */
export function useRefusedWrite(): { problem: ApiProblem | null; dismiss: () => void } {
  const queries = useQueryClient();
  const { data = null } = useQuery<ApiProblem | null>({ queryKey: keys.refusedWrite, queryFn: skipToken });
  const dismiss = useCallback(() => void queries.setQueryData(keys.refusedWrite, null), [queries]);
  return { problem: data, dismiss };
}

/** Before the pages hear that somebody is logged in: what another account saw or typed in this tab goes. */
export function useSessionStart(): (account: Session) => void {
  const { drafts } = usePortal();
  const queries = useQueryClient();
  return ({ username }) => {
    drafts.removeOthers(username);
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
