import { type RawBuilder, sql } from 'kysely';
import type { ConsentGiver, ConsentKind } from '../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../database/connection.ts';

/** The version of the words that a consumer agreed to, and in which role. */
export interface GivenConsent {
  language: string;
  version: string;
  givenBy: ConsentGiver;
}

/** Saves consents with the instant at which each expires. */
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
