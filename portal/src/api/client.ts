import { accountHeader, backgroundHeader } from '../../../api/schemas/accounts/request-headers.ts';
import { type ApiProblem, noAnswerProblem, problemOf, unreachableProblem, withoutRepeat } from './problem.ts';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below `/v1/`. */
  path: string;
  body?: object;
  /** Token of a referral or an offer. It is sent in a header, so that it is in no address and no log. */
  bearer?: string;
  headers?: Readonly<Record<string, string>>;
  /** Its answer shows a secret that nobody can read again, so that a repeat by itself could lose it. */
  isOnce?: true;
}

export interface Client {
  /**
   * Sends a request. The answer has the type of the API's schema; unknown members of a newer API are kept.
   * @throws ApiProblem for every status that is not a success, and when there is no answer; that of a call with `isOnce` asks
   *   for no repeat
   */
  send: <Answer>(call: Call) => Promise<Answer>;
  /** Current time by the service's clock, so that countdowns are right even if this device's clock is wrong. */
  now: () => Date;
}

export interface ClientOptions {
  fetch: typeof fetch;
  /** Time of this device's clock, in milliseconds. */
  clock: () => number;
  /** Whether no person causes a read now: it then does not count as use of the session. */
  isInBackground: () => boolean;
}

/** Milliseconds after which a request is given up: longer than the service itself waits for any of its parts. */
const limitMs = 15_000;

/** Creates a client of the API on the same origin. The session cookie is sent with every call. */
export function createClient({ fetch, clock, isInBackground }: ClientOptions): Client {
  let aheadMs = 0;

  // the `Date` header has whole seconds, so a difference below 2 seconds is ignored
  const readClock = (date: string | null) => {
    const differenceMs = date === null ? Number.NaN : Date.parse(date) - clock();
    if (Number.isFinite(differenceMs)) aheadMs = Math.abs(differenceMs) > 2_000 ? differenceMs : 0;
  };

  return {
    async send<Answer>({ method, path, body, bearer, headers, isOnce }: Call): Promise<Answer> {
      const signal = AbortSignal.timeout(limitMs);
      const asThrown = (problem: ApiProblem) => (isOnce ? withoutRepeat(problem) : problem);
      const noAnswer = (): never => {
        throw asThrown(signal.aborted ? noAnswerProblem(method) : unreachableProblem());
      };
      const response = await fetch(`/v1/${path}`, {
        method,
        headers: {
          Accept: 'application/json, application/problem+json',
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(method === 'GET' && isInBackground() ? { [backgroundHeader]: 'yes' } : {}),
          ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
          ...headers,
        },
        body: body ? JSON.stringify(body) : undefined,
        cache: 'no-store',
        signal,
      }).catch(noAnswer);
      readClock(response.headers.get('Date'));
      if (!response.ok) throw asThrown(await problemOf(response));
      const text = await response.text().catch(noAnswer);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    now: () => new Date(clock() + aheadMs),
  };
}

/**
 * Creates the client of one account's pages, which names the account in every call. Tabs share the session, so another
 * tab may have logged in with another account: calls and their retries are then refused (`account-changed`). Calls that
 * read the session itself do not name the account.
 */
export function clientOf({ send }: Pick<Client, 'send'>, accountId: string): Pick<Client, 'send'> {
  return {
    send: (call) =>
      send(
        call.path === 'session'
          ? call
          : { ...call, headers: { ...call.headers, [accountHeader]: accountId } },
      ),
  };
}
