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
import { retryDelayOf, shouldRetry } from './retries.ts';

/** Keys of the query cache. */
export const keys = {
  session: ['session'],
  refusedWrite: ['refused-write'],
  account: ['account'],
  sessions: ['account', 'sessions'],
  ownSecurityEvents: ['account', 'security-events'],
  passkeys: ['account', 'passkeys'],
  secondFactor: ['account', 'second-factor'],
  agent: ['agent'],
  onboarding: ['agent', 'onboarding'],
  phone: ['agent', 'phone'],
  profile: ['agent', 'profile'],
  availability: ['agent', 'availability'],
  testOffers: ['agent', 'test-offers'],
  readiness: ['agent', 'readiness'],
  agentData: ['agent', 'data'],
  pushDevices: ['agent', 'push-devices'],
  offers: ['agent', 'offers'],
  history: (filter: object) => ['agent', 'offers', 'history', filter],
  figures: ['agent', 'figures'],
  unoffered: ['agent', 'unoffered'],
  suggestions: ['agent', 'suggestions'],
  referrals: ['agent', 'referrals'],
  notes: (referralId: string) => ['agent', 'notes', referralId],
  terms: (kind: string) => ['terms', kind],
  waitingTimes: (group: object) => ['waiting-times', group],
  referral: (id: string) => ['referral', id],
  consumerData: (id: string) => ['referral', id, 'data'],
  ops: ['ops'],
  opsSummary: ['ops', 'summary'],
  opsBoards: ['ops', 'board'],
  opsBoard: (filter: object) => ['ops', 'board', filter],
  opsProblems: ['ops', 'problems'],
  opsUnclearReplies: ['ops', 'unclear-replies'],
  opsAccounts: ['ops', 'accounts'],
  opsFeedKeys: ['ops', 'feed-keys'],
  opsAgent: (npn: string) => ['ops', 'agent', npn],
  opsSecurityEvents: (accountId: string) => ['ops', 'security-events', accountId],
} as const;

/** Problems that say that the session is not what the page takes it for. */
const sessionProblems = [
  'not-authenticated',
  'account-changed',
  'terminated',
  'second-factor-missing',
  'generated-password',
] as const;

/**
 * Creates the query client. It retries calls that the service asks to repeat, which is safe because every command is
 * idempotent or has an Idempotency-Key. When a call says that the session is not what the page takes it for, the session is
 * read again: the page then asks to log in, shows the pages of another account, or says why the account is closed. A call may
 * also have been sent before the session got another token.
 */
export function createQueryClient(): QueryClient {
  const followLogIn = async (error: Error) => {
    const isOfSession = sessionProblems.some((kind) => isOfKind(error, kind));
    if (isOfSession) await client.refetchQueries({ queryKey: keys.session });
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
      // the browser's word that there is no network is often wrong
      queries: { retry: shouldRetry, retryDelay: retryDelayOf, staleTime: 5_000, networkMode: 'always' },
      mutations: { retry: shouldRetry, retryDelay: retryDelayOf, networkMode: 'always' },
    },
  });
  return client;
}

const isOfKind = (error: Error, kind: string) => error instanceof ApiProblem && error.kind === kind;

/** Reads the account that is logged in; null if there is none. Read again when the tab gets the focus: another tab may have changed it. */
export function useSession() {
  const { calls } = usePortal();
  const startSession = useSessionStart();
  return useQuery({
    queryKey: keys.session,
    queryFn: async () => {
      const account = await calls.session();
      if (account) startSession(account);
      return account;
    },
    staleTime: 60_000,
    refetchOnWindowFocus: 'always',
  });
}

/** Problem of the last write that was refused because another account is logged in; null after the next write. */
export function useRefusedWrite(): { problem: ApiProblem | null; dismiss: () => void } {
  const queries = useQueryClient();
  const { data = null } = useQuery<ApiProblem | null>({ queryKey: keys.refusedWrite, queryFn: skipToken });
  const dismiss = useCallback(() => void queries.setQueryData(keys.refusedWrite, null), [queries]);
  return { problem: data, dismiss };
}

/** Removes the data and the drafts of other accounts from this tab, before the pages get the new session. */
export function useSessionStart(): (account: Session) => void {
  const { drafts } = usePortal();
  const queries = useQueryClient();
  return ({ username }) => {
    drafts.removeOthers(username);
    if (queries.getQueryData<Session | null>(keys.session)?.username === username) return;
    for (const queryKey of [keys.agent, keys.ops, keys.account]) queries.removeQueries({ queryKey });
  };
}

/**
 * Goes to the start page, logs out, and removes the account's data and drafts. The order matters: an account's page that
 * is open when the session ends would ask to log in again.
 */
export function useLogOut() {
  const { calls, device, drafts } = usePortal();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      // at once: as a transition the page would stay open until the texts of the other one have arrived
      await navigate('/', { flushSync: true });
      // pushes go on after the end of a session, but not after a log-out; where that fails, the log-out counts more
      await device.leave(calls).catch(() => undefined);
      await calls.logOut();
    },
    onSuccess: () => {
      drafts.clear();
      queries.setQueryData(keys.session, null);
      for (const queryKey of [keys.agent, keys.ops, keys.account]) queries.removeQueries({ queryKey });
    },
  });
}
