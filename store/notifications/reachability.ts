import { sql } from 'kysely';
import type { ContactChannel, ContactFacts } from '../../domain/notifications/contact.ts';
import type { ConsentKind } from '../../domain/referrals/consumer-contact.ts';
import { type ConsumerContact, channelOfWay } from '../../domain/referrals/consumer-contact.ts';
import type { ContactWay } from '../../domain/referrals/contact-times.ts';
import type { Tx } from '../database/connection.ts';

const isConsentActive = sql`c.rescinded_at is null and (c.expires_at is null or c.expires_at > now())`;

/** Whether a consent of a referral stands, or was taken back; one that has run out is neither. */
const consentStatusIs = (state: 'standing' | 'taken back', kind: ConsentKind) =>
  sql<boolean>`exists (
    select from consents c where c.referral_id = referrals.id and c.kind = ${kind}
      and ${state === 'standing' ? isConsentActive : sql`c.rescinded_at is not null`})`;

/** Who asked for help and how we may write there now; undefined for who is forgotten, or took the consent back. */
export async function readConsumerContact(tx: Tx, referralId: string): Promise<ConsumerContact | undefined> {
  const row = await tx
    .selectFrom('consumerContacts')
    .innerJoin('referrals', 'referrals.id', 'consumerContacts.referralId')
    .select(['name', 'phone', 'email', 'emailUndeliverableAt', 'contactBy', 'contactWrongAt'])
    .select(consentStatusIs('standing', 'texts').as('agreesToTexts'))
    .select(
      sql<ContactChannel[]>`array(
        select k.channel from contact_keys k where k.referral_id = referrals.id and k.confirmed_at is not null)`.as(
        'confirmedChannels',
      ),
    )
    .where('referrals.id', '=', referralId)
    // who takes the consent back is not written to any more
    .where(sql<boolean>`not ${consentStatusIs('taken back', 'intake')}`)
    .executeTakeFirst();
  if (!row) return undefined;
  const { contactBy, contactWrongAt, ...contact } = row;
  return {
    ...contact,
    wrongChannel: contactWrongAt ? channelOfWay(contactBy as ContactWay) : undefined,
  };
}

/** What decides how agent `a` of a query can be reached now; its columns are `ContactFacts`. */
export const contactColumns = sql`
  a.contact_preference, a.phone, a.phone_line_type,
  a.email_undeliverable_at is not null as email_undeliverable,
  a.phone_confirmed_at is not null as phone_confirmed,
  a.phone_must_be_confirmed as require_confirmed_phone,
  exists (select from text_opt_outs t where t.phone = a.phone) as texts_stopped,
  exists (select from push_subscriptions p where p.npn = a.npn and p.gone_at is null) as has_push_subscription`;

/** What decides how an agent can be reached now; undefined where there is no such agent. */
export async function readContactFacts(tx: Tx, npn: string): Promise<ContactFacts | undefined> {
  const { rows } =
    await sql<ContactFacts>`select ${contactColumns} from agents a where a.npn = ${npn}`.execute(tx);
  return rows[0];
}
