import type { ConsumerContact } from '../domain/consumer-contact.ts';
import { channelOfWay } from '../domain/consumer-contact.ts';
import type { ContactWay } from '../domain/contact-times.ts';
import type { Tx } from './database.ts';

/** Who asked for help and how we may write there now; undefined for who is forgotten, or took the consent back. */
export async function readConsumerContact(tx: Tx, referralId: string): Promise<ConsumerContact | undefined> {
  const row = await tx
    .selectFrom('consumerContacts')
    .innerJoin('referrals', 'referrals.id', 'consumerContacts.referralId')
    .select(['name', 'phone', 'email', 'emailUndeliverableAt', 'contactBy', 'contactWrongAt'])
    .select((contact) =>
      contact
        .exists(
          contact
            .selectFrom('consents')
            .select('consents.referralId')
            .whereRef('consents.referralId', '=', 'referrals.id')
            .where('kind', '=', 'texts')
            .where('rescindedAt', 'is', null),
        )
        .as('agreesToTexts'),
    )
    .where('referrals.id', '=', referralId)
    // who takes the consent back is not written to any more
    .where((contact) =>
      contact.not(
        contact.exists(
          contact
            .selectFrom('consents')
            .select('consents.referralId')
            .whereRef('consents.referralId', '=', 'referrals.id')
            .where('kind', '=', 'intake')
            .where('rescindedAt', 'is not', null),
        ),
      ),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  const { contactBy, contactWrongAt, agreesToTexts, ...contact } = row;
  return {
    ...contact,
    agreesToTexts: Boolean(agreesToTexts),
    wrong: contactWrongAt ? channelOfWay(contactBy as ContactWay) : undefined,
  };
}
