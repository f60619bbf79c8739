import type { NoticeToSend } from '../domain/notifications/notices.ts';
import { createNotifier } from './notifier.ts';

/** Sends one notice that belongs to no running story, such as an answer about an onboarding that is closed. */
export async function telling(notice: NoticeToSend): Promise<void> {
  await createNotifier().tell([notice]);
}
