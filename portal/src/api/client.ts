import { accountHeader } from '../../../api/schemas/accounts/session.ts';
import { problemOf, unreachableProblem } from './problem.ts';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, without it. */
  path: string;
  body?: object;
  /** A referral's own token. It travels in a header, so that no address and no log has it. */
  bearer?: string;
  headers?: Readonly<Record<string, string>>;
}

export interface Client {
  /**
   * One call. The answer has the type of the API's own schema; additions of a newer API are let through.
   * @throws ApiProblem for every answer that is no success, and when nobody answers
   */
  send: <Answer>(call: Call) => Promise<Answer>;
  /** Now, by the clock of the service: deadlines are counted on it, whatever this device's clock says. */
  now: () => Date;
}

export interface ClientOptions {
  fetch: typeof fetch;
  /** This device's clock in milliseconds. */
  clock: () => number;
}

/** A client of the API on the same origin; the session's cookie goes with every call. */
export function createClient({ fetch, clock }: ClientOptions): Client {
  let aheadMs = 0;

  // the header counts whole seconds, so a smaller difference says nothing
  const readClock = (date: string | null) => {
    const differenceMs = date === null ? Number.NaN : Date.parse(date) - clock();
    if (Number.isFinite(differenceMs)) aheadMs = Math.abs(differenceMs) > 2_000 ? differenceMs : 0;
  };

  return {
    async send<Answer>({ method, path, body, bearer, headers }: Call): Promise<Answer> {
      const response = await fetch(`/v1/${path}`, {
        method,
        headers: {
          Accept: 'application/json, application/problem+json',
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
          ...headers,
        },
        body: body ? JSON.stringify(body) : undefined,
        cache: 'no-store',
      }).catch(() => {
        throw unreachableProblem();
      });
      readClock(response.headers.get('Date'));
      if (!response.ok) throw await problemOf(response);
      const text = await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
    now: () => new Date(clock() + aheadMs),
  };
}

/**
 * The client of one account's pages. The tabs of a browser share a session, and another one may have logged in as
 * somebody else: whatever these pages send, also when it is repeated later, is refused then (`account-changed`).
 * Who is logged in is asked without it.
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
