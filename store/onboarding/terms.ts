import { sql } from 'kysely';
import type { TermsKind } from '../../domain/onboarding/facts.ts';
import type { ConsentKind } from '../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { wakeOnboardings } from '../outbox.ts';

/** A legal document with its full text. */
export interface LegalDocument {
  version: string;
  sha256: string;
  text: string;
}

/** Finds the terms of a kind that are in force; undefined if there are none. */
export async function findTerms(tx: Tx, kind: TermsKind): Promise<LegalDocument | undefined> {
  return tx
    .selectFrom('termsDocuments')
    .select(['version', 'sha256', 'text'])
    .where('kind', '=', kind)
    .where('effectiveAt', '<=', sql<Date>`now()`)
    .orderBy('effectiveAt', 'desc')
    .executeTakeFirst();
}

/** The words of a consent, and what it allows: which data, what for, for how many days at the most. */
export interface ConsentDocument extends LegalDocument {
  scope: string[];
  purpose: string;
  /** Days the consent lasts; null: until the request is closed. */
  durationDays: number | null;
}

/** Finds the consent of a kind that is in force, in a language; undefined if there is none. */
export async function findConsentDocument(
  tx: Tx,
  kind: ConsentKind,
  language: string,
): Promise<ConsentDocument | undefined> {
  return tx
    .selectFrom('consentDocuments')
    .select(['version', 'sha256', 'text', 'scope', 'purpose', 'durationDays'])
    .where('kind', '=', kind)
    .where('language', '=', language)
    .where('effectiveAt', '<=', sql<Date>`now()`)
    .orderBy('effectiveAt', 'desc')
    .executeTakeFirst();
}

/** An acceptance of terms: by whom, of which version, when and from where. */
export interface AcceptedTerms {
  npn: string;
  accountId: string;
  kind: TermsKind;
  version: string;
  sha256: string;
  ipAddress: string;
  userAgent: string;
  at: Date;
}

/**
 * Records that an agent accepted terms, in the caller's transaction: the row, an event for each open onboarding, and
 * their wake. Accepting the same version again changes nothing.
 */
export async function acceptTerms(tx: Tx, acceptance: AcceptedTerms): Promise<void> {
  const { npn, kind, version, at } = acceptance;
  const open = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('closedAt', 'is', null)
    .orderBy('planYear')
    .forUpdate()
    .execute();
  if (!(await saveAcceptance(tx, acceptance))) return;
  for (const { planYear } of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'terms-accepted',
      at,
      by: 'agent',
      data: { kind, version },
    });
  await wakeOnboardings(tx, npn);
}

/** Saves an acceptance of terms. @returns false if the agent accepted this version before */
export async function saveAcceptance(tx: Tx, { at, ...acceptance }: AcceptedTerms): Promise<boolean> {
  const { numInsertedOrUpdatedRows: inserted } = await tx
    .insertInto('termsAcceptances')
    .values({ ...acceptance, acceptedAt: at })
    .onConflict((row) => row.doNothing())
    .executeTakeFirstOrThrow();
  return inserted === 1n;
}
