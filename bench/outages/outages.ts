import type { OutageEnvironment } from './environment.ts';

/** A part of the service that is away for a while. */
export interface Outage {
  about: string;
  begin: (environment: OutageEnvironment) => Promise<void> | void;
  end: (environment: OutageEnvironment) => Promise<void> | void;
}

/** The outages that are played, by name. */
export const outages = {
  postgres: {
    about: 'Postgres refuses connections',
    begin: ({ links }) => links.postgres.cut('refused'),
    end: ({ links }) => links.postgres.mend(),
  },
  'postgres-silent': {
    about: 'Postgres takes connections and does not answer',
    begin: ({ links }) => links.postgres.cut('silent'),
    end: ({ links }) => links.postgres.mend(),
  },
  temporal: {
    about: 'Temporal refuses connections',
    begin: ({ links }) => links.temporal.cut('refused'),
    end: ({ links }) => links.temporal.mend(),
  },
  'temporal-silent': {
    about: 'Temporal takes connections and does not answer',
    begin: ({ links }) => links.temporal.cut('silent'),
    end: ({ links }) => links.temporal.mend(),
  },
  worker: {
    about: 'the worker stands still, and goes on as if nothing had been',
    begin: ({ pidOf }) => void process.kill(pidOf('worker'), 'SIGSTOP'),
    end: ({ pidOf }) => void process.kill(pidOf('worker'), 'SIGCONT'),
  },
  api: {
    about: 'the API stands still, and goes on as if nothing had been',
    begin: ({ pidOf }) => void process.kill(pidOf('api'), 'SIGSTOP'),
    end: ({ pidOf }) => void process.kill(pidOf('api'), 'SIGCONT'),
  },
  providers: {
    about: 'no provider of mail, texts, calls or push takes a message',
    async begin({ mailboxUrl }) {
      for (const channel of ['email', 'text', 'voice', 'push'])
        await callMailbox(mailboxUrl, { method: 'POST', body: JSON.stringify({ channel, kind: 'outage' }) });
    },
    end: ({ mailboxUrl }) => callMailbox(mailboxUrl, { method: 'DELETE' }),
  },
} as const satisfies Record<string, Outage>;

export type OutageName = keyof typeof outages;

async function callMailbox(mailboxUrl: string, request: RequestInit): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL('/faults', mailboxUrl), { ...request, headers });
  if (!answer.ok) throw new Error(`The mailbox refused a fault: ${answer.status}`);
}
