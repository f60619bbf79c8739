import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createMailbox, type MailboxSettings } from '../../../standalone/fakes/mailbox/mailbox.ts';
import type { MailboxMessage } from '../../../standalone/fakes/mailbox/message-store.ts';

export const authToken = 'mailbox-test-token';
export const accountSid = 'AC00000000000000000000000000000001';

/** Starts a mailbox of the test's own, with shortcuts for what tests do to it. */
export async function runMailbox(settings: Partial<MailboxSettings> = {}) {
  const mailbox = createMailbox({ twilioAuthToken: authToken, stepMs: 5, maxMessages: 1_000, ...settings });
  const address = await mailbox.listen(0);
  return {
    address,
    close: () => mailbox.close(),
    async messages(to?: string): Promise<MailboxMessage[]> {
      const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
      return jsonOf(await fetch(`${address}/messages${query}`));
    },
    async fault(fault: Record<string, unknown>): Promise<void> {
      const answer = await postJson(`${address}/faults`, fault);
      if (answer.status !== 201) throw new Error(`no fault: ${await answer.text()}`);
    },
    /** Subscribes as the portal's browser would. */
    async subscribe(applicationServerKey?: string): Promise<Subscription> {
      return jsonOf(await postJson(`${address}/push/subscriptions`, { applicationServerKey }));
    },
  };
}

export interface Subscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

export function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function jsonOf<Body>(answer: Response): Promise<Body> {
  return (await answer.json()) as Body;
}

/**
 * Starts a web server that records what is posted to it.
 * @param page its answer to every request, as from a proxy in the middle; empty by default
 */
export async function runListener(page?: string) {
  const received: { url: string; signature: string; body: string }[] = [];
  const waiting: (() => void)[] = [];
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({
        url: request.url ?? '',
        signature: String(request.headers['x-twilio-signature']),
        body,
      });
      if (page === undefined) response.writeHead(204).end();
      else response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      for (const wake of waiting.splice(0)) wake();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves once that many posts have come. */
    async posts(count: number) {
      while (received.length < count) await new Promise<void>((resolve) => void waiting.push(resolve));
      return received;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
