/**
 * What became of one attempt to send, as the provider answered it.
 * `sent` means the provider took it, not that it arrived: delivery is told later, by a webhook.
 * `refused` means that the same attempt cannot succeed within a notice's life; `code` is the provider's own.
 * Everything that may pass, or that ops can mend, is no result: it is thrown as `SendOutage`.
 */
export type SendResult = { status: 'sent'; providerMessageId: string } | { status: 'refused'; code: string };

/**
 * The one shape of all senders. None of the providers knows a repeat from a new message: an attempt that timed
 * out may have been sent all the same, so sending is at least once.
 */
export interface Sender<Message extends { attemptId: string }> {
  /** @throws SendOutage when the provider cannot be reached, has trouble, is throttling, or refuses our account. */
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
  /** In which it is read out; BCP-47. */
  language: string;
}

/** As a browser's `PushSubscription.toJSON()` gives it, so it is user input. Keys are base64url. */
export interface PushSubscriptionKeys {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

export interface PushMessage {
  attemptId: string;
  to: PushSubscriptionKeys;
  title: string;
  body: string;
  /** Where a click leads: a path of the portal. */
  url?: string;
  /** Newer pushes of a topic replace older ones; any string, usually the offer's id. */
  topic?: string;
  /** After this the push is of no use and the push service drops it. */
  ttlMs: number;
}

export interface Senders {
  email: Sender<EmailMessage>;
  text: Sender<TextMessage>;
  push: Sender<PushMessage>;
  voice: Sender<SpokenMessage>;
}
