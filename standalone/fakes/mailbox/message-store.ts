import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { asciiAddress } from '../../../domain/values/email-address.ts';
import { openStoredMap } from '../stored-map.ts';

export type MailboxChannel = 'email' | 'text' | 'push' | 'voice';

/** A status of a message in its provider's own word, for example `queued`, `delivered`, `bounced`. */
export interface MessageStatus {
  status: string;
  at: string;
  /** The provider's error code, if it failed. */
  code?: string;
  /** The service's response to the status callback: `HTTP 204` or `no answer`. */
  told?: string;
}

/** One message to one recipient, as `GET /messages` shows it. */
export interface MailboxMessage {
  id: string;
  channel: MailboxChannel;
  /** An email address, an E.164 number or a push subscription's endpoint. */
  to: string;
  from?: string;
  subject?: string;
  /** The text; for a call, the spoken text. */
  text: string;
  html?: string;
  /** Time at which it was accepted, ISO 8601. */
  at: string;
  providerMessageId: string;
  statuses: MessageStatus[];
  /** SES message tags. */
  tags?: Record<string, string>;
  push?: { subscriptionId: string; topic?: string; urgency?: string; expiresAt: string; payload: string };
}

export type NewMessage = Omit<MailboxMessage, 'id' | 'at' | 'statuses'> & { status: string };

export interface MessageStore {
  add(message: NewMessage): MailboxMessage;
  addStatus(id: string, status: Omit<MessageStatus, 'at'>): void;
  remove(id: string): void;
  clear(): void;
  find(id: string): MailboxMessage | undefined;
  /** Lists messages, newest first. Email addresses match in any case, other recipients exactly. */
  list(to?: string): MailboxMessage[];
  /** A string that differs after every change, so that the page fetches the list only when it has changed. */
  version(): string;
}

const now = () => new Date().toISOString();

/** @param dataDir folder that keeps messages over a restart; without it they are kept in memory */
export function openMessageStore(dataDir: string | undefined, keep: number): MessageStore {
  const file = dataDir === undefined ? undefined : join(dataDir, 'outbox', 'messages.jsonl');
  const messages = openStoredMap<MailboxMessage>(file, keep);
  const opened = randomUUID();
  let changes = 0;

  return {
    add({ status, ...rest }) {
      const message = { id: randomUUID(), at: now(), ...rest, statuses: [{ status, at: now() }] };
      messages.set(message.id, message);
      changes += 1;
      return message;
    },
    addStatus(id, status) {
      const message = messages.get(id);
      if (message === undefined) return;
      messages.set(id, { ...message, statuses: [...message.statuses, { ...status, at: now() }] });
      changes += 1;
    },
    remove(id) {
      messages.delete(id);
      changes += 1;
    },
    clear() {
      messages.clear();
      changes += 1;
    },
    find: (id) => messages.get(id),
    list: (to) =>
      messages
        .values()
        .filter((message) => to === undefined || isTo(message, to))
        .toReversed(),
    version: () => `${opened}-${changes}`,
  };
}

/** Compares recipients. A plus sign that a caller did not escape arrives as a space, which no recipient contains. */
function isTo(message: MailboxMessage, to: string): boolean {
  const wanted = to.replaceAll(' ', '+');
  if (message.channel !== 'email') return message.to === wanted;
  return message.to.toLowerCase() === asciiAddress(wanted).toLowerCase();
}
