import type { Channel } from '../../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../../domain/notifications/notices.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { MailWords, NoticeData, PushWords } from '../../../domain/text/notice-data.ts';
import type { TimeContext } from '../../../domain/text/when.ts';
import { marketplaceTimeZone } from '../../../domain/time/calendar.ts';
import type { StoredNotice } from '../../../store/notifications/stored-notices.ts';
import { type LinkSettings, noticeDataOf } from './notice-data-of.ts';

type Composing = LinkSettings & { now: Date };

/** A notice's mail, in the words of its language and on the clock of its recipient's place; undefined for a kind that is never mailed. */
export function mailOf(notice: StoredNotice, composing: Composing): MailWords | undefined {
  const { mail } = sentencesIn(notice.language);
  const { kind } = notice;
  return isAmong(mail, kind) ? written(mail, kind, notice, { ...composing, channel: 'email' }) : undefined;
}

/** A notice's text message; undefined for a kind that is never sent as one. */
export function textOf(notice: StoredNotice, composing: Composing): string | undefined {
  const { text } = sentencesIn(notice.language);
  const { kind } = notice;
  return isAmong(text, kind) ? written(text, kind, notice, { ...composing, channel: 'text' }) : undefined;
}

/** What a call says of a notice; undefined for a kind that is never spoken. */
export function spokenOf(notice: StoredNotice, composing: Composing): string | undefined {
  const { spoken } = sentencesIn(notice.language);
  const { kind } = notice;
  return isAmong(spoken, kind)
    ? written(spoken, kind, notice, { ...composing, channel: 'voice' })
    : undefined;
}

/** A notice's push; undefined for a kind that is never sent as one. */
export function pushOf(notice: StoredNotice, composing: Composing): PushWords | undefined {
  const { push } = sentencesIn(notice.language);
  const { kind } = notice;
  return isAmong(push, kind) ? written(push, kind, notice, { ...composing, channel: 'push' }) : undefined;
}

type Lines<K extends NoticeKind, Words> = { [P in K]: (data: NoticeData[P], when: TimeContext) => Words };

function written<K extends NoticeKind, Words>(
  lines: Readonly<Lines<K, Words>>,
  kind: K,
  notice: StoredNotice,
  composing: Composing & { channel: Channel },
): Words {
  return lines[kind](noticeDataOf[kind](notice, composing), whenOf(notice, composing));
}

function isAmong<T extends object>(lines: T, kind: PropertyKey): kind is keyof T {
  return Object.hasOwn(lines, kind);
}

function whenOf({ kind, agent, referral }: StoredNotice, { now }: Composing): TimeContext {
  const timeZone = noticeKinds[kind].to === 'agent' ? agent?.timeZone : referral?.timeZone;
  return { now, timeZone: timeZone ?? marketplaceTimeZone };
}
