import { type RawBuilder, sql } from 'kysely';
import {
  agentChannels,
  type ContactFact,
  type ContactFacts,
  channelRequirements,
  contactPreferences,
  preferenceBeforeRegistration,
  preferredChannels,
  textlessLineTypes,
} from '../../domain/notifications/contact.ts';
import {
  type ConsentKind,
  type ConsumerContact,
  type ConsumerReach,
  channelOfWay,
} from '../../domain/referrals/consumer-contact.ts';
import type { ContactWay } from '../../domain/referrals/contact-times.ts';
import type { Tx } from '../database/connection.ts';
import { type EncryptedContact, encryptedContactColumns, openContact } from '../encryption/contacts.ts';
import type { Keyring } from '../encryption/keyring.ts';

const isConsentActive = sql`c.rescinded_at is null and (c.expires_at is null or c.expires_at > now())`;

/** SQL: whether a consent of referral `r` is active, or was rescinded; an expired one is neither. */
const consentStatusIs = (status: 'active' | 'rescinded', kind: ConsentKind) =>
  sql<boolean>`exists (
    select from consents c where c.referral_id = r.id and c.kind = ${kind}
      and ${status === 'active' ? isConsentActive : sql`c.rescinded_at is not null`})`;

/** A consumer's contact as `consumerContactSql` selects it. */
export type ContactRow = EncryptedContact &
  Omit<ConsumerReach, 'hasPhone' | 'hasEmail' | 'wrongChannel'> & {
    contactBy: ContactWay;
    contactWrongAt: Date | null;
  };

/**
 * SQL: a consumer's contact and how we may use it now; no row once it is deleted, or the consent is rescinded: then nothing
 * is sent any more. `toConsumerContact` decrypts the row, and `toConsumerReach` reads it as it is.
 */
export const consumerContactSql = (
  referralId: RawBuilder<unknown>,
): RawBuilder<ContactRow> => sql<ContactRow>`
  select ${encryptedContactColumns}, k.email_undeliverable_at, r.contact_by, r.contact_wrong_at,
    ${consentStatusIs('active', 'texts')} as agrees_to_texts,
    array(select channel from contact_keys where referral_id = r.id and confirmed_at is not null) as confirmed_channels
  from consumer_contacts k join referral_keys e on e.referral_id = k.referral_id join referrals r on r.id = k.referral_id
  where r.id = ${referralId} and not ${consentStatusIs('rescinded', 'intake')}`;

export function toConsumerReach(row: ContactRow): ConsumerReach {
  const { phone, email, emailUndeliverableAt, agreesToTexts, confirmedChannels } = row;
  return {
    hasPhone: phone !== null,
    hasEmail: email !== null,
    emailUndeliverableAt,
    agreesToTexts,
    confirmedChannels,
    wrongChannel: row.contactWrongAt ? channelOfWay(row.contactBy) : undefined,
  };
}

export function toConsumerContact(keyring: Keyring, row: ContactRow): ConsumerContact {
  return { ...toConsumerReach(row), ...openContact(keyring, row) };
}

/** Reads a consumer's contact and how we may use it now; undefined once it is deleted or the consent is rescinded. */
export async function readConsumerContact(
  tx: Tx,
  keyring: Keyring,
  referralId: string,
): Promise<ConsumerContact | undefined> {
  const { rows } = await consumerContactSql(sql`${referralId}`).execute(tx);
  return rows[0] && toConsumerContact(keyring, rows[0]);
}

/** Reads how a consumer can be reached, which decrypts nothing; undefined as with `readConsumerContact`. */
export async function readConsumerReach(tx: Tx, referralId: string): Promise<ConsumerReach | undefined> {
  const { rows } = await consumerContactSql(sql`${referralId}`).execute(tx);
  return rows[0] && toConsumerReach(rows[0]);
}

/** SQL of each fact about an agent `a`. */
const contactFacts: Readonly<Record<ContactFact, RawBuilder<unknown>>> = {
  mailArrives: sql`a.email_undeliverable_at is null`,
  hasPhone: sql`a.phone is not null`,
  lineReceivesTexts: sql`not coalesce(a.phone_line_type = any(${[...textlessLineTypes]}), false)`,
  phoneTrusted: sql`(a.phone_confirmed_at is not null or not a.phone_must_be_confirmed)`,
  textsAllowed: sql`not exists (select from text_opt_outs t where t.phone = a.phone)`,
  hasPushSubscription: sql`exists (select from push_subscriptions p where p.npn = a.npn and p.gone_at is null)`,
};

/** Columns `ContactFacts` of an agent `a`: the facts that decide how the agent can be reached now. */
export const contactColumns = sql`a.contact_preference, ${sql.join(
  Object.entries(contactFacts).map(([name, fact]) => sql`${fact} as ${sql.id(name)}`),
)}`;

/** SQL: whether an offer can reach agent `a`, that is, `offerChannels` of the domain is not empty. */
export const hasOfferChannel = sql`(${sql.join(
  agentChannels.map((channel) => {
    const facts = channelRequirements[channel].map((fact) => contactFacts[fact]);
    return sql`(${sql.join([isPreferred(channel), ...facts], sql` and `)})`;
  }),
  sql` or `,
)})`;

function isPreferred(channel: (typeof agentChannels)[number]): RawBuilder<unknown> {
  const preferences = contactPreferences.filter((preference) =>
    preferredChannels(preference).includes(channel),
  );
  // Postgres would take such a list for selective and read all candidates of a bucket
  if (preferences.length === contactPreferences.length) return sql`true`;
  return sql`coalesce(a.contact_preference, ${sql.lit(preferenceBeforeRegistration)})
    in (${sql.join(preferences.map((preference) => sql.lit(preference)))})`;
}

/** Reads the facts that decide how an agent can be reached now; undefined if there is no such agent. */
export async function readContactFacts(tx: Tx, npn: string): Promise<ContactFacts | undefined> {
  const { rows } =
    await sql<ContactFacts>`select ${contactColumns} from agents a where a.npn = ${npn}`.execute(tx);
  return rows[0];
}
