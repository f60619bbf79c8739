import type { PushWords } from '../text/notice-data.ts';
import type { NoticeKind } from './notices.ts';

/** What a device can answer from the notification itself. */
export type PushAnswer = 'accept' | 'decline' | 'confirm';
/**
 * What became of an answer. `taken`: another agent has accepted meanwhile. `over`: it ended otherwise. `unsent`: the service
 * could not be reached.
 */
export type PushReply = 'accepted' | 'declined' | 'confirmed' | 'taken' | 'over' | 'unsent';

/** A question that is answered without opening a page, by the token in the address of the push. */
export interface PushQuestion {
  of: 'offer' | 'test-offer';
  actions: readonly { action: PushAnswer; title: string }[];
  /** What the device says then. */
  replies: Readonly<Partial<Record<PushReply, PushWords>>>;
}

/**
 * What a push carries, as JSON that only the device can decrypt (RFC 8291). The service worker of the portal has no words of
 * its own: everything that it shows is in here, in the language of the agent. Nothing is about a person.
 */
export interface PushPayload extends PushWords {
  /** BCP 47 */
  language: string;
  /** A path of the portal, opened by a tap. */
  url: string;
  /** It replaces an earlier notification with the same tag: that of the same offer. */
  tag?: string;
  /** Makes neither a sound nor a vibration. */
  isSilent: boolean;
  question?: PushQuestion;
  /** ISO 8601; pushes can overtake one another. */
  sentAt: string;
  /** Ids of the agent's offers that could be answered at `sentAt`. Notifications of others are taken away. */
  openOffers: readonly string[];
}

/** Kinds that only take something away, which is no reason to disturb anybody. */
const silentKinds: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['offer-over', 'offer-taken']);

/** Whether a push makes no sound: the agent wants none on this device, or it is not worth one. */
export function isSilentPush(kind: NoticeKind, { hasSound }: { hasSound: boolean }): boolean {
  return !hasSound || silentKinds.has(kind);
}
