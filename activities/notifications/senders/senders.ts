import type { PushPayload } from '../../../domain/notifications/push-payload.ts';

/**
 * The provider's answer to one attempt to send.
 * `sent`: the provider accepted it. A webhook reports the delivery later.
 * `refused`: no repeat can succeed within the notice's life; `code` is the provider's own.
 * Temporary failures, and those that ops can fix, are thrown as `SendOutage`.
 */
export type SendResult = { status: 'sent'; providerMessageId: string } | { status: 'refused'; code: string };

/**
 * The interface of all senders. Providers do not recognize a repeat, and an attempt that timed out may have been sent
 * all the same: so messages are sent at least once.
 */
export interface Sender<Message extends { attemptId: string }> {
  /** @throws SendOutage if the provider cannot be reached, fails, throttles us or refuses our account */
  send(message: Message): Promise<SendResult>;
}

export interface EmailMessage {
  attemptId: string;
  /** A bare address, without a display name. */
  to: string;
  subject: string;
  html: string;
  text: string;
}

export interface TextMessage {
  attemptId: string;
  /** E.164, for example `+12025550123`. */
  to: string;
  text: string;
}

export interface SpokenMessage extends TextMessage {
  /** BCP-47; decides the voice that reads it out. */
  language: string;
}

/** A browser's `PushSubscription.toJSON()`, so user input. Keys are base64url. */
export interface PushSubscriptionKeys {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** The tag of its payload is made from the topic. */
export interface PushMessage extends Omit<PushPayload, 'tag'> {
  attemptId: string;
  to: PushSubscriptionKeys;
  /** A newer push replaces older ones of its topic. Any string, usually the offer's id. */
  topic?: string;
  /** Milliseconds after which the push service drops the push. */
  ttlMs: number;
}

export interface Senders {
  email: Sender<EmailMessage>;
  text: Sender<TextMessage>;
  push: Sender<PushMessage>;
  voice: Sender<SpokenMessage>;
}
