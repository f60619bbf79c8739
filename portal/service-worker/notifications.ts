import type { PushAnswer, PushPayload, PushQuestion } from '../../domain/notifications/push-payload.ts';
import type { PushWords } from '../../domain/text/notice-data.ts';
import { type NotificationData, offerOf } from '../src/app/notification-data.ts';
import { sendAnswer } from './answers.ts';
import type { NotificationEvent, PushEvent, WorkerScope } from './scope.ts';

/** Options that TypeScript leaves out because not every browser has them; the others ignore them. */
interface Options extends NotificationOptions {
  actions?: PushQuestion['actions'];
  renotify?: boolean;
  vibrate?: readonly number[];
}

/** Milliseconds of vibration and pause. */
const vibration = [200, 100, 200, 100, 400];
/** What is shown for a push without contents, which none of ours is. */
const unreadable: PushWords = { title: 'Help On Demand', body: '' };
/** Android shows the badge in its status bar, as a silhouette. */
const images = { icon: '/icons/icon-192.png', badge: '/icons/badge-96.png' };

/** Creates the part of the worker that shows pushes and sends what is answered upon them. */
export function createNotifications(scope: WorkerScope) {
  const { registration } = scope;
  return { push, click };

  /**
   * Shows a push. There is none that shows nothing: browsers put up a notice of their own for it, and Safari ends the
   * subscription. So one that takes something away replaces it, without a sound. Members may be missing that an earlier
   * release did not send.
   */
  async function push({ data }: Pick<PushEvent, 'data'>): Promise<void> {
    const sent = (data?.json() ?? unreadable) as PushWords & Partial<PushPayload>;
    const {
      title,
      body,
      language,
      url = '/inbox',
      tag,
      isSilent = false,
      question,
      sentAt = '',
      openOffers,
    } = sent;
    await show({ title, body }, { language, tag, isSilent, data: { url, language, question, sentAt } });
    if (!openOffers) return;
    await takeAwayOthers(openOffers, sentAt);
    await showCount(openOffers.length);
  }

  /** Opens what a notification is about, or sends the answer and shows what became of it. */
  async function click({
    notification,
    action,
  }: Pick<NotificationEvent, 'notification' | 'action'>): Promise<void> {
    const { url, question, language } = notification.data as NotificationData;
    notification.close();
    if (action === '' || !question) return open(url);
    const reply = await sendAnswer(scope, { link: url, action: action as PushAnswer });
    const words = question.replies[reply];
    const next = reply === 'unsent' ? url : question.of === 'offer' ? '/inbox' : '/availability';
    if (words)
      await show(words, {
        language,
        tag: notification.tag,
        isSilent: true,
        data: { url: next, language, sentAt: '' },
      });
    await showCount((await openQuestions()).length);
  }

  async function show(
    { title, body }: PushWords,
    options: { language?: string; tag?: string; isSilent: boolean; data: NotificationData },
  ): Promise<void> {
    const { language, tag, isSilent, data } = options;
    const { question } = data;
    const more: Options = {
      ...images,
      body,
      lang: language,
      data,
      silent: isSilent,
      ...(isSilent ? {} : { vibrate: vibration }),
      // without a tag there is nothing to be told of again, which is an error
      ...(tag ? { tag, renotify: !isSilent } : {}),
      ...(question ? { actions: question.actions, requireInteraction: true } : {}),
    };
    await registration.showNotification(title, more);
  }

  /** Shown notifications that ask about an offer. */
  async function openQuestions(): Promise<Notification[]> {
    const shown = await registration.getNotifications();
    return shown.filter(({ data }) => (data as NotificationData | null)?.question?.of === 'offer');
  }

  /** Takes away what asks about other offers, unless it was sent later: pushes can overtake one another. */
  async function takeAwayOthers(openOffers: readonly string[], sentAt: string): Promise<void> {
    for (const notification of await openQuestions()) {
      const data = notification.data as NotificationData;
      const offer = offerOf(data);
      if (offer !== undefined && !openOffers.includes(offer) && data.sentAt < sentAt) notification.close();
    }
  }

  async function showCount(count: number): Promise<void> {
    // not every browser has icons with a number
    await scope.navigator.setAppBadge?.(count).catch(() => undefined);
  }

  /** Shows a page that is open at this address, or opens one: never in place of a page in which something may be typed. */
  async function open(url: string): Promise<void> {
    const { href } = new URL(url, scope.location.origin);
    const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const there = pages.find((page) => page.url === href);
    await (there ? there.focus() : scope.clients.openWindow(url));
  }
}
