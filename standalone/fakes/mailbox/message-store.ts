import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { asciiAddress } from '../../../domain/values/email-address.ts';
import { openStoredMap } from '../stored-map.ts';

export type MailboxChannel = 'email' | 'text' | 'push' | 'voice';

/** A step of a message's life in its provider's own word, for example `queued`, `delivered`, `bounced`. */
export interface MessageStatus {
  status: string;
  at: string;
  /** The provider's error code, where it failed. */
  code?: string;
  /** What the service answered when it was told: an HTTP status, or that it did not answer. */
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
  /** Of a call, what it says. */
  text: string;
  html?: string;
  /** When it was accepted, ISO 8601. */
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
  /** Newest first. Email addresses match without regard to case, everything else to the letter. */
  list(to?: string): MailboxMessage[];
  /** Another text after every change, so that the page asks for content only when there is something new. */
  version(): string;
}

const now = () => new Date().toISOString();

/** @param dataDir where messages outlive a restart; in memory without it */
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

/** A plus sign that a caller forgot to escape arrives as a space, which no recipient has. */
function isTo(message: MailboxMessage, to: string): boolean {
  const wanted = to.replaceAll(' ', '+');
  if (message.channel !== 'email') return message.to === wanted;
  return message.to.toLowerCase() === asciiAddress(wanted).toLowerCase();
}
