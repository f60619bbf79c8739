import { marketplaceTimeZone } from '../../domain/calendar.ts';
import { sentencesIn } from '../../domain/catalog/catalog.ts';
import type { KindOver, MailWords, PushWords } from '../../domain/catalog/notice-data.ts';
import type { When } from '../../domain/catalog/when.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notices.ts';
import type { StoredNotice } from '../../store/deliveries.ts';
import { type LinkSettings, noticeDataOf } from './notice-data-of.ts';

type Composing = LinkSettings & { now: Date };

/** A notice's mail, in the words of its language and on the clock of its recipient's place. */
export function mailOf(notice: StoredNotice, composing: Composing): MailWords {
  const sentences = sentencesIn(notice.language);
  const write = <K extends KindOver<'email'>>(kind: K) =>
    sentences.mail[kind](noticeDataOf[kind](notice, composing), whenOf(notice, composing));
  return write(notice.kind);
}

/** A notice's text message; undefined for a kind that is never sent as one. */
export function textOf(notice: StoredNotice, composing: Composing): string | undefined {
  const { text } = sentencesIn(notice.language);
  const isText = (kind: NoticeKind): kind is KindOver<'text'> => Object.hasOwn(text, kind);
  const write = <K extends KindOver<'text'>>(kind: K) =>
    text[kind](noticeDataOf[kind](notice, composing), whenOf(notice, composing));
  return isText(notice.kind) ? write(notice.kind) : undefined;
}

/** A notice's push; undefined for a kind that is never sent as one. */
export function pushOf(notice: StoredNotice, composing: Composing): PushWords | undefined {
  const { push } = sentencesIn(notice.language);
  const isPush = (kind: NoticeKind): kind is KindOver<'push'> => Object.hasOwn(push, kind);
  const write = <K extends KindOver<'push'>>(kind: K) =>
    push[kind](noticeDataOf[kind](notice, composing), whenOf(notice, composing));
  return isPush(notice.kind) ? write(notice.kind) : undefined;
}

function whenOf({ kind, agent, referral }: StoredNotice, { now }: Composing): When {
  const timeZone = noticeKinds[kind].to === 'agent' ? agent?.timeZone : referral?.timeZone;
  return { now, timeZone: timeZone ?? marketplaceTimeZone };
}
