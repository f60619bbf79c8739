import { type RawBuilder, sql } from 'kysely';
import type { ConsentGiver, ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../../database/connection.ts';

/** The version of the words that a consumer agreed to, and in which role. */
export interface GivenConsent {
  language: string;
  version: string;
  givenBy: ConsentGiver;
}

/** A consent to save, for a referral. */
type NewConsent = GivenConsent & { referralId: string; kind: ConsentKind; givenAt: Date };

/** Saves consents with the instant at which each expires. */
export async function saveConsents(tx: Tx, consents: readonly NewConsent[]): Promise<void> {
  await saveConsentsSql(consents).execute(tx);
}

/**
 * SQL that saves consents, as `saveConsents`: a statement, or a part of one.
 * @param onlyIf SQL condition without which nothing is saved
 */
export function saveConsentsSql(
  consents: readonly NewConsent[],
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const rows = consents.map(
    ({ referralId, kind, language, version, givenBy, givenAt }) =>
      sql`(${referralId}::uuid, ${kind}, ${language}, ${version}, ${givenBy}, ${givenAt}::timestamptz)`,
  );
  return sql`
    insert into consents (referral_id, kind, language, version, given_by, given_at, expires_at)
    select c.*, c.given_at + interval '24 hours' * (select duration_days from consent_documents d
        where d.kind = c.kind and d.language = c.language and d.version = c.version)
    from (values ${sql.join(rows)}) as c (referral_id, kind, language, version, given_by, given_at)
    where ${onlyIf}`;
}

/**
 * SQL: whether an agent may have the contact of a referral: the consumer's consent is neither rescinded nor expired.
 * @param referralId the id, or a column of the surrounding query
 */
export function contactShareableSql(referralId: RawBuilder<unknown>, at: Date): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from consents c where c.referral_id = ${referralId} and c.kind = 'intake' and c.rescinded_at is null
      and (c.expires_at is null or c.expires_at > ${at}))`;
}

/** Status of the consent to pass the contact to an agent. */
export type ConsentStatus = 'stands' | 'rescinded' | 'expired';

/** Status of the intake consent in force; undefined: none is. */
export function consentStatusAt(consent: { expiresAt: Date | null } | undefined, at: Date): ConsentStatus {
  if (!consent) return 'rescinded';
  return consent.expiresAt && consent.expiresAt <= at ? 'expired' : 'stands';
}

/** Reads the status of a referral's intake consent, and whether one was ever rescinded. */
export async function readIntakeConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<{ status: ConsentStatus; wasRescinded: boolean }> {
  const rows = await tx
    .selectFrom('consents')
    .select(['rescindedAt', 'expiresAt'])
    .where('referralId', '=', referralId)
    .where('kind', '=', 'intake')
    .execute();
  const inForce = rows.find(({ rescindedAt }) => rescindedAt === null);
  return {
    status: consentStatusAt(inForce, at),
    wasRescinded: rows.some(({ rescindedAt }) => rescindedAt !== null),
  };
}

/** A stored consent, with the limits that its words set. */
export interface ConsentRecord {
  kind: ConsentKind;
  version: string;
  language: string;
  scope: string[];
  purpose: string;
  durationDays: number | null;
  givenBy: ConsentGiver;
  givenAt: Date;
  expiresAt: Date | null;
  rescindedAt: Date | null;
}

/** Reads all consents of a referral's consumer. */
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
