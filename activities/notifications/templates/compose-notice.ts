import type { Channel } from '../../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../../domain/notifications/notices.ts';
import type { PushQuestion } from '../../../domain/notifications/push-payload.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { TimeContext } from '../../../domain/text/locale-format.ts';
import type { MailWords, NoticeData, PushWords } from '../../../domain/text/notice-data.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import type { StoredNotice } from '../../../store/notifications/stored-notices.ts';
import { type LinkSettings, noticeDataOf } from './notice-data-of.ts';

type ComposeOptions = LinkSettings & { now: Date };

/** Composes a notice's mail in the recipient's language and time zone; undefined for a kind that is never mailed. */
export function composeMail(notice: StoredNotice, composing: ComposeOptions): MailWords | undefined {
  const { mail } = sentencesIn(notice.language);
  const { kind } = notice;
  return hasTemplate(mail, kind)
    ? composeWords(mail, kind, notice, { ...composing, channel: 'email' })
    : undefined;
}

/** Composes a notice's text message; undefined for a kind that is never sent as one. */
export function composeText(notice: StoredNotice, composing: ComposeOptions): string | undefined {
  const { text } = sentencesIn(notice.language);
  const { kind } = notice;
  return hasTemplate(text, kind)
    ? composeWords(text, kind, notice, { ...composing, channel: 'text' })
    : undefined;
}

/** Composes the words of a call; undefined for a kind that is never spoken. */
export function composeCall(notice: StoredNotice, composing: ComposeOptions): string | undefined {
  const { spoken } = sentencesIn(notice.language);
  const { kind } = notice;
  return hasTemplate(spoken, kind)
    ? composeWords(spoken, kind, notice, { ...composing, channel: 'voice' })
    : undefined;
}

/** Composes a notice's push; undefined for a kind that is never sent as one. */
export function composePush(notice: StoredNotice, composing: ComposeOptions): PushWords | undefined {
  const { push } = sentencesIn(notice.language);
  const { kind } = notice;
  return hasTemplate(push, kind)
    ? composeWords(push, kind, notice, { ...composing, channel: 'push' })
    : undefined;
}

/** Returns the question that a notice's push asks, to be answered from the notification; undefined: it asks nothing. */
export function pushQuestionOf({ kind, language }: StoredNotice): PushQuestion | undefined {
  const { pushQuestion } = sentencesIn(language);
  if (kind === 'test-offer') return pushQuestion['test-offer'];
  return kind === 'offer' || kind === 'offer-nudge' ? pushQuestion.offer : undefined;
}

type Templates<K extends NoticeKind, Words> = { [P in K]: (data: NoticeData[P], when: TimeContext) => Words };

function composeWords<K extends NoticeKind, Words>(
  templates: Readonly<Templates<K, Words>>,
  kind: K,
  notice: StoredNotice,
  composing: ComposeOptions & { channel: Channel },
): Words {
  return templates[kind](noticeDataOf[kind](notice, composing), whenOf(notice, composing));
}

function hasTemplate<T extends object>(templates: T, kind: PropertyKey): kind is keyof T {
  return Object.hasOwn(templates, kind);
}

function whenOf({ kind, agent, referral }: StoredNotice, { now }: ComposeOptions): TimeContext {
  const timeZone = noticeKinds[kind].to === 'agent' ? agent?.timeZone : referral?.timeZone;
  return { now, timeZone: timeZone ?? marketplaceTimeZone };
}
