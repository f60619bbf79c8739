import { sql } from 'kysely';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { NoticeContents } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { type NoticeOccasion, readOccasion } from './notice-occasions.ts';
import { type NoticeSubjects, type SubjectColumns, subjectColumns, toSubjects } from './notice-subjects.ts';

/** What a notice says itself. */
interface NoticeRow {
  id: string;
  kind: NoticeKind;
  isRequested: boolean;
  language: string;
  planYear: number | null;
  /** Facts stored when the notice was created. */
  data: NoticeContents;
  createdAt: Date;
  /** Its address, if not the recipient's current one. */
  toAddress: string | null;
  untilAt: Date | null;
}

/** A notice with everything needed to send it, as of now. */
export interface StoredNotice extends NoticeRow, NoticeSubjects, NoticeOccasion {}

/**
 * Reads notices with the current facts, in any order, without those that are gone: one statement, and a few more for kinds
 * that are about anything else than people, offers and referrals.
 */
export async function readStoredNotices(
  tx: Tx,
  keyring: Keyring,
  noticeIds: readonly string[],
): Promise<StoredNotice[]> {
  const { rows } = await sql<NoticeRow & { npn: string | null } & SubjectColumns>`
    select n.id, n.kind, n.is_requested, n.language, n.plan_year, n.data, n.created_at, n.to_address, n.until_at, n.npn,
      ${subjectColumns}
    from notices n where n.id = any(${noticeIds}::uuid[])`.execute(tx);
  const notices: StoredNotice[] = [];
  for (const row of rows) {
    const { id, kind, isRequested, language, planYear, data, createdAt, toAddress, untilAt } = row;
    const own = { id, kind, isRequested, language, planYear, data, createdAt, toAddress, untilAt };
    notices.push({ ...own, ...toSubjects(keyring, row), ...(await readOccasion(tx, keyring, row)) });
  }
  return notices;
}
