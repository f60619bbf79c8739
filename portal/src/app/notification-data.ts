import type { PushQuestion } from '../../../domain/notifications/push-payload.ts';

/** What a shown notification carries, for the service worker and the pages. */
export interface NotificationData {
  /** Path that a tap opens. */
  url: string;
  language?: string;
  question?: PushQuestion;
  /** ISO 8601 */
  sentAt: string;
}

/** Id of the offer that a notification asks about; undefined for any other. */
export function offerOf({ url, question }: NotificationData): string | undefined {
  return question?.of === 'offer' ? /^\/offer\/([^/#]+)/.exec(url)?.[1] : undefined;
}
