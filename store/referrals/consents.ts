import { type RawBuilder, sql } from 'kysely';
import type { ConsentKind } from '../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../database/connection.ts';

/** Which words a consumer agreed to, and for whom. */
export interface GivenConsent {
  language: string;
  version: string;
  givenBy: 'adult' | 'representative';
}

/** Keeps what a consumer agreed to, with the instant at which it ends by itself. */
export async function saveConsents(
  tx: Tx,
  consents: readonly (GivenConsent & { referralId: string; kind: ConsentKind; givenAt: Date })[],
): Promise<void> {
  const rows = consents.map((consent) => {
    const { kind, language, version, givenAt } = consent;
    const expiresAt = sql<Date | null>`(
      select ${givenAt}::timestamptz + duration_days * interval '24 hours' from consent_documents
      where kind = ${kind} and language = ${language} and version = ${version})`;
    return { ...consent, expiresAt };
  });
  await tx.insertInto('consents').values(rows).execute();
}

/**
 * Whether an agent may have the contact of a referral: the consumer agreed to it, has not taken that back, and it has not
 * run out.
 * @param referralId the id, or a column of a query that has it
 */
export function contactShareableSql(referralId: RawBuilder<unknown>, at: Date): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from consents c where c.referral_id = ${referralId} and c.kind = 'intake' and c.rescinded_at is null
      and (c.expires_at is null or c.expires_at > ${at}))`;
}

/** How the consent stands by which an agent gets the contact. */
export type ConsentStatus = 'stands' | 'rescinded' | 'expired';

/** Whether the consent of a referral stands, was taken back by the consumer, or has run out by itself, and when it does. */
export async function readIntakeConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<{ standing: ConsentStatus; expiresAt: Date | null }> {
  const rows = await tx
    .selectFrom('consents')
    .select(['rescindedAt', 'expiresAt'])
    .where('referralId', '=', referralId)
    .where('kind', '=', 'intake')
    .orderBy('givenAt', 'desc')
    .execute();
  const given = rows.find(({ rescindedAt }) => rescindedAt === null);
  if (!given) return { standing: 'rescinded', expiresAt: null };
  const { expiresAt } = given;
  return { standing: expiresAt && expiresAt <= at ? 'expired' : 'stands', expiresAt };
}

/** The same of one referral. */
export async function isContactShareable(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select ${contactShareableSql(sql`${referralId}::uuid`, at)} as may`.execute(tx);
  return rows[0]?.may ?? false;
}

/** A consent as it was given, with what its words allow. */
export interface ConsentRecord {
  kind: ConsentKind;
  version: string;
  language: string;
  scope: string[];
  purpose: string;
  durationDays: number | null;
  givenBy: 'adult' | 'representative';
  givenAt: Date;
  expiresAt: Date | null;
  rescindedAt: Date | null;
}

/** All that the consumer of a referral agreed to. */
export async function readConsentRecords(tx: Tx, referralId: string): Promise<ConsentRecord[]> {
  const rows = await tx
    .selectFrom('consents')
    .innerJoin('consentDocuments as words', (join) =>
      join
        .onRef('words.kind', '=', 'consents.kind')
        .onRef('words.language', '=', 'consents.language')
        .onRef('words.version', '=', 'consents.version'),
    )
    .select(['consents.kind', 'consents.version', 'consents.language', 'scope', 'purpose', 'durationDays'])
    .select(['givenBy', 'givenAt', 'expiresAt', 'rescindedAt'])
    .where('referralId', '=', referralId)
    .orderBy('consents.kind')
    .orderBy('givenAt')
    .execute();
  return rows as ConsentRecord[];
}
