import type { NoticeToSend } from '../domain/notifications/notices.ts';
import { createNotifier } from './notifier.ts';

/** Sends one notice that belongs to no running workflow, such as an answer about a closed onboarding. */
export async function sendNotice(notice: NoticeToSend): Promise<void> {
  await createNotifier().send([notice]);
}
