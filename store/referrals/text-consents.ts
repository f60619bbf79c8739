import type { Tx } from '../database/connection.ts';
import { type GivenConsent, saveConsents } from './consents.ts';

/** A consent to texts as it was read, for the phone that is given with it. */
export type TextConsentVersion = Pick<GivenConsent, 'language' | 'version'>;

/** The number that was agreed to is not the consumer's any more. */
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

/** The consent to texts that was given and not ended; undefined without one. */
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

/** By whoever gave the consent to the request: the link is theirs. One that stands for older words stays on record as ended. */
export async function saveTextConsent(
  tx: Tx,
  { referralId, textConsent, at: givenAt }: { referralId: string; textConsent: TextConsentVersion; at: Date },
): Promise<void> {
  const standing = await currentTextConsent(tx, referralId);
  if (standing?.version === textConsent.version && standing.language === textConsent.language) return;
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
