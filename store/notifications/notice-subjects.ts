import { type RawBuilder, type Selectable, sql } from 'kysely';
import { fullName } from '../../domain/agents/agent-name.ts';
import type { Channel } from '../../domain/notifications/contact.ts';
import { type DeliveryStatus, noticeKinds } from '../../domain/notifications/notices.ts';
import type { InvitationEnd } from '../../domain/onboarding/invitation.ts';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import type { ConsumerContact } from '../../domain/referrals/consumer-contact.ts';
import type { ContactWay } from '../../domain/referrals/contact-times.ts';
import type { OfferEnd } from '../../domain/referrals/offer.ts';
import type { AttemptWay, Need, Outcome, ReferralCause } from '../../domain/referrals/referral.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import { fromJsonRow, jsonRow } from '../database/json-rows.ts';
import type { Agents, Invitations, Offers, Referrals } from '../database/schema.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { licenseNumberSql } from '../feeds/lines-of-authority.ts';
import { type ContactRow, consumerContactSql, toConsumerContact } from './reachability.ts';

type AgentColumn =
  | 'npn'
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'emailUndeliverableAt'
  | 'phone'
  | 'phoneLineType'
  | 'timeZone'
  | 'languages'
  | 'statesWanted'
  | 'registeredAt'
  | 'heldAt'
  | 'leftAt'
  | 'leftBecause';
/** The agent whom a notice is for, or about. */
export type NoticeAgent = Pick<Selectable<Agents>, AgentColumn> & { textsStopped: boolean };

const agentSql = sql`
  select npn, first_name, last_name, email, email_undeliverable_at, phone, phone_line_type, time_zone, languages,
    states_wanted, registered_at, held_at, left_at, left_because,
    exists (select from text_opt_outs t where t.phone = agents.phone) as texts_stopped
  from agents where npn = n.npn`;

/** The onboarding of a notice, of its plan year. */
export interface NoticeOnboarding {
  stage: OnboardingStage;
  causes: OnboardingCause[];
}

const onboardingSql = sql`
  select stage, causes from onboardings where npn = n.npn and plan_year = n.plan_year`;

/** The invitation of a notice. */
export type NoticeInvitation = Pick<Selectable<Invitations>, 'id' | 'sentTo' | 'issuedAt' | 'expiresAt'> & {
  endedAs: InvitationEnd | null;
};

const invitationSql = sql`
  select id, sent_to, issued_at, expires_at, ended_as from invitations where id = n.invitation_id`;

type OfferColumn =
  | 'id'
  | 'npn'
  | 'number'
  | 'shortCode'
  | 'expiresAt'
  | 'acceptedAt'
  | 'contactDueAt'
  | 'contactedAt'
  | 'attempts'
  | 'attemptedAt'
  | 'nextTryAt'
  | 'endedAt';
/** The offer of a notice. */
export interface NoticeOffer extends Pick<Selectable<Offers>, OfferColumn> {
  attemptedHow: AttemptWay | null;
  endedAs: OfferEnd | null;
  agentName: string;
  /** Number of the agent's license in the state of the referral. */
  licenseNumber: string | null;
  /** Whether its agent has looked at it. */
  isSeen: boolean;
  /** Whether another agent has accepted the referral later. */
  isFollowed: boolean;
}

/** SQL: whether the agent has looked at an offer, in the portal or by the link in a message about it. */
export const wasLookedAt = (offerId: RawBuilder<unknown>) =>
  sql<boolean>`exists (select from disclosures d where d.offer_id = ${offerId} and d.shown = 'offer')`;

const offerSql = sql`
  select o.id, o.npn, o.number, o.short_code, o.expires_at, o.accepted_at, o.contact_due_at, o.contacted_at, o.attempts,
    o.attempted_at, o.attempted_how, o.next_try_at, o.ended_at, o.ended_as, a.first_name, a.last_name,
    ${licenseNumberSql(sql`o.npn`, sql`r.state`)} as license_number, ${wasLookedAt(sql`o.id`)} as is_seen,
    exists (
      select from offers later
      where later.referral_id = o.referral_id and later.number > o.number and later.accepted_at is not null
    ) as is_followed
  from offers o join agents a on a.npn = o.npn join referrals r on r.id = o.referral_id where o.id = n.offer_id`;

type ReferralColumn =
  | 'id'
  | 'zip'
  | 'city'
  | 'state'
  | 'timeZone'
  | 'language'
  | 'closedAt'
  | 'stage'
  | 'opensAt';
/** The referral of a notice. */
export interface NoticeReferral extends Pick<Selectable<Referrals>, ReferralColumn> {
  need: Need;
  outcome: Outcome | null;
  contactBy: ContactWay;
  contactWrong: boolean;
  consentExpired: boolean;
}

const referralSql = sql`
  select id, zip, city, state, time_zone, language, closed_at, stage, opens_at, need, outcome, contact_by, contact_wrong_at,
    causes
  from referrals where id = n.referral_id`;

/** Kinds of notices to consumers: only for these is the consumer read. */
const kindsToConsumers = Object.entries(noticeKinds).flatMap(([kind, { to }]) =>
  to === 'consumer' ? [kind] : [],
);
const consumerJson = sql`
  case when n.kind = any(${kindsToConsumers}::text[]) then ${jsonRow(consumerContactSql(sql`n.referral_id`))} end`;

const deliveriesSql = sql`(
  select coalesce(json_agg(json_build_object('id', id, 'channel', channel, 'status', status)), '[]')
  from deliveries where notice_id = n.id)`;

/** Whom and what a notice is about, each undefined if it names none or it is gone, and what was created with it. */
export interface NoticeSubjects {
  agent: NoticeAgent | undefined;
  onboarding: NoticeOnboarding | undefined;
  invitation: NoticeInvitation | undefined;
  offer: NoticeOffer | undefined;
  referral: NoticeReferral | undefined;
  /** Read for notices to consumers alone. */
  consumer: ConsumerContact | undefined;
  deliveries: readonly { id: string; channel: Channel; status: DeliveryStatus }[];
}

/** SQL: the columns of `NoticeSubjects` for a notice `n`, as JSON. */
export const subjectColumns = sql`
  ${jsonRow(agentSql)} as agent, ${jsonRow(onboardingSql)} as onboarding, ${jsonRow(invitationSql)} as invitation,
  ${jsonRow(offerSql)} as offer, ${jsonRow(referralSql)} as referral, ${consumerJson} as consumer,
  ${deliveriesSql} as deliveries`;

/** The columns of a notice that `subjectColumns` selects. */
export type SubjectColumns = Pick<NoticeSubjects, 'deliveries'> & {
  [Name in Exclude<keyof NoticeSubjects, 'deliveries'>]: object | null;
};

/** Reads the columns that `subjectColumns` selects, and decrypts the consumer. */
export function toSubjects(keyring: Keyring, columns: SubjectColumns): NoticeSubjects {
  const contact = fromJsonRow<ContactRow>(columns.consumer);
  return {
    agent: fromJsonRow(columns.agent),
    onboarding: fromJsonRow(columns.onboarding),
    invitation: fromJsonRow(columns.invitation),
    offer: toOffer(fromJsonRow(columns.offer)),
    referral: toReferral(fromJsonRow(columns.referral)),
    consumer: contact && toConsumerContact(keyring, contact),
    deliveries: columns.deliveries,
  };
}

type OfferRow = Omit<NoticeOffer, 'agentName'> & { firstName: string; lastName: string };

function toOffer(row: OfferRow | undefined): NoticeOffer | undefined {
  if (!row) return undefined;
  const { firstName, lastName, ...offer } = row;
  return { ...offer, agentName: fullName({ firstName, lastName }) };
}

type ReferralRow = Omit<NoticeReferral, 'contactWrong' | 'consentExpired'> & {
  contactWrongAt: Date | null;
  causes: readonly ReferralCause[];
};

function toReferral(row: ReferralRow | undefined): NoticeReferral | undefined {
  if (!row) return undefined;
  const { contactWrongAt, causes, ...referral } = row;
  return {
    ...referral,
    contactWrong: contactWrongAt !== null,
    consentExpired: causes.includes('consent-expired'),
  };
}
