import { setTimeout as sleep } from 'node:timers/promises';

/** A message as the outbox shows it. */
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

/** Somebody who uses the service from outside: through HTTP and what lands in the mail, as people do. */
export interface HttpUser {
  /** Calls the API; any answer is an answer. */
  call: <T>(method: string, path: string, call?: CallOptions) => Promise<Answer<T>>;
  /** Calls the API and expects it to agree. @throws with the problem's title otherwise. */
  expect: <T>(method: string, path: string, call?: CallOptions) => Promise<Answer<T>>;
  /** Waits for the newest message to a person that fits. @throws when none comes in time. */
  message: (to: string, fits?: (message: Message) => boolean) => Promise<Message>;
  messages: (to?: string) => Promise<Message[]>;
  /** Looks again and again until there is an answer. @throws when there is none in time. */
  until: <T>(what: string, look: () => Promise<T | undefined>) => Promise<T>;
}

/**
 * @param patienceMs how long anything may take that is waited for
 */
export function createHttpUser({
  apiUrl,
  mailboxUrl,
  patienceMs = 30_000,
}: {
  apiUrl: string;
  mailboxUrl: string;
  patienceMs?: number;
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
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : undefined) as T,
      cookie: response.headers.getSetCookie()[0]?.split(';')[0],
    };
  };

  const until: HttpUser['until'] = async (what, look) => {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > giveUpAt) throw new Error(`Waited ${patienceMs / 1000} s in vain for ${what}.`);
      await sleep(50);
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
    async expect<T>(method: string, path: string, made?: CallOptions) {
      const answer = await call<T & { title?: string; detail?: string; errors?: unknown }>(
        method,
        path,
        made,
      );
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
