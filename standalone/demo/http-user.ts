import { setTimeout as sleep } from 'node:timers/promises';

/** A message as the mailbox lists it. */
export interface Message {
  id: string;
  channel: 'email' | 'text' | 'push' | 'voice';
  to: string;
  subject?: string;
  text: string;
  at: string;
}

export interface CallOptions {
  body?: unknown;
  cookie?: string;
  bearer?: string;
  headers?: Record<string, string>;
}

export interface Answer<T> {
  status: number;
  body: T;
  cookie: string | undefined;
}

/** A user of the service: sends HTTP requests and reads the messages in the mailbox, as people do. */
export interface HttpUser {
  /** Calls the API. Resolves with any status, errors too. */
  call: <T>(method: string, path: string, call?: CallOptions) => Promise<Answer<T>>;
  /**
   * Calls the API and expects a status below 400. While the answer is 503 it repeats the request, as the problem says and
   * as the portal does: a busy machine takes longer than the API waits.
   * @throws an Error with the problem's detail or title otherwise
   */
  expect: <T>(method: string, path: string, call?: CallOptions) => Promise<Answer<T>>;
  /** Waits for the newest message to a recipient that passes `fits`. @throws when none arrives in time */
  message: (to: string, fits?: (message: Message) => boolean) => Promise<Message>;
  messages: (to?: string) => Promise<Message[]>;
  /** Calls `read` until it returns a value. @throws when it returns none in time */
  until: <T>(what: string, read: () => Promise<T | undefined>) => Promise<T>;
}

/** Longest wait for the answer to one request, in milliseconds; a person gives up then too. */
const answerWithinMs = 60_000;

/**
 * @param timeoutMs longest wait for a message or a change, in milliseconds
 */
export function createHttpUser({
  apiUrl,
  mailboxUrl,
  timeoutMs = 30_000,
}: {
  apiUrl: string;
  mailboxUrl: string;
  timeoutMs?: number;
}): HttpUser {
  const call: HttpUser['call'] = async <T>(
    method: string,
    path: string,
    { body, cookie, bearer, headers }: CallOptions = {},
  ) => {
    const response = await fetch(new URL(`/v1/${path}`, apiUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie, origin: new URL(apiUrl).origin } : {}),
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : undefined) as T,
      cookie: response.headers.getSetCookie()[0]?.split(';')[0],
    };
  };

  const until: HttpUser['until'] = async (what, read) => {
    const giveUpAt = Date.now() + timeoutMs;
    for (;;) {
      const found = await read();
      if (found !== undefined) return found;
      if (Date.now() > giveUpAt)
        throw new Error(`Waited ${timeoutMs / 1000} s for ${what}, which did not come.`);
      // three requests at a time for all of the wait stay within the API's limit of 1200 a minute
      await sleep(100);
    }
  };

  const messages: HttpUser['messages'] = async (to) => {
    const url = new URL('/messages', mailboxUrl);
    if (to) url.searchParams.set('to', to);
    return (await fetch(url)).json() as Promise<Message[]>;
  };

  return {
    call,
    until,
    messages,
    async expect<T>(method: string, path: string, options?: CallOptions) {
      const giveUpAt = Date.now() + timeoutMs;
      const repeatedCall = async () => {
        for (;;) {
          const answer = await call<T & { title?: string; detail?: string; errors?: unknown }>(
            method,
            path,
            options,
          );
          if (answer.status !== 503 || Date.now() > giveUpAt) return answer;
          await sleep(1_000);
        }
      };
      const answer = await repeatedCall();
      if (answer.status < 400) return answer;
      const { title, detail, errors } = answer.body;
      throw new Error(
        `${method} ${path} was answered ${answer.status}: ${detail ?? title ?? ''} ${errors ? JSON.stringify(errors) : ''}`,
      );
    },
    message: (to, fits = () => true) =>
      until(`a message to ${to}`, async () => (await messages(to)).find(fits)),
  };
}
