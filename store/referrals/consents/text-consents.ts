import type { Tx } from '../../database/connection.ts';
import { type GivenConsent, saveConsents } from './consents.ts';

/** The version of a consent to texts, given together with a phone. */
export type TextConsentVersion = Pick<GivenConsent, 'language' | 'version'>;

/** Ends the consent to texts, since its number is no longer the consumer's. */
export async function endTextConsent(
  tx: Tx,
  { referralId, at }: { referralId: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('consents')
    .set({ rescindedAt: at })
    .where('referralId', '=', referralId)
    .where('kind', '=', 'texts')
    .where('rescindedAt', 'is', null)
    .execute();
}

/** Reads the consent to texts in force; undefined without one. */
export async function currentTextConsent(
  tx: Tx,
  referralId: string,
): Promise<TextConsentVersion | undefined> {
  return tx
    .selectFrom('consents')
    .select(['language', 'version'])
    .where('referralId', '=', referralId)
    .where('kind', '=', 'texts')
    .where('rescindedAt', 'is', null)
    .executeTakeFirst();
}

/** Saves a consent to texts in the role of the intake consent, since the link is that person's. An earlier version ends and stays on record. */
export async function saveTextConsent(
  tx: Tx,
  { referralId, textConsent, at: givenAt }: { referralId: string; textConsent: TextConsentVersion; at: Date },
): Promise<void> {
  const current = await currentTextConsent(tx, referralId);
  if (current?.version === textConsent.version && current.language === textConsent.language) return;
  await endTextConsent(tx, { referralId, at: givenAt });
  const { givenBy } = await tx
    .selectFrom('consents')
    .select('givenBy')
    .where('referralId', '=', referralId)
    .where('kind', '=', 'intake')
    .executeTakeFirstOrThrow();
  const by = givenBy as GivenConsent['givenBy'];
  await saveConsents(tx, [{ referralId, kind: 'texts', ...textConsent, givenBy: by, givenAt }]);
}
