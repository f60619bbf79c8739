import { type RawBuilder, sql } from 'kysely';
import { fullName } from '../../domain/agents/agent-name.ts';
import { obstacleTo } from '../../domain/agents/readiness.ts';
import type { ContactChannel } from '../../domain/notifications/contact.ts';
import { type NoticeKind, noticeKinds } from '../../domain/notifications/notices.ts';
import type { InvitationEnd } from '../../domain/onboarding/invitation.ts';
import type { OnboardingCause } from '../../domain/onboarding/standing.ts';
import type { ConsumerContact } from '../../domain/referrals/consumer-contact.ts';
import type { ContactWay } from '../../domain/referrals/contact-times.ts';
import type { OfferEnd } from '../../domain/referrals/offer.ts';
import type { Need, Outcome, ReferralCause } from '../../domain/referrals/referral.ts';
import type { OnboardingStage } from '../../domain/stages.ts';
import type { NoticeContents } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';
import { licenseNumberSql } from '../feeds/lines-of-authority.ts';
import { readConsumerContact, readContactFacts } from './reachability.ts';

/** A notice with everything needed to send it. The consumer is read for notices to consumers alone. */
export interface StoredNotice {
  id: string;
  kind: NoticeKind;
  isRequested: boolean;
  language: string;
  planYear: number | null;
  /** Facts stored when the notice was created. */
  data: NoticeContents;
  createdAt: Date;
  /** Its address, if not the recipient's current one. */
  toAddress: string | null;
  untilAt: Date | null;
  agent: Awaited<ReturnType<typeof readAgent>>;
  onboarding: { stage: OnboardingStage; causes: OnboardingCause[] } | undefined;
  training: { newToMarketplace: boolean } | undefined;
  /** Username of the agent's account, for the log-in reminder alone. */
  username: string | undefined;
  /** The code in the notice; undefined once a newer code has replaced it. */
  phoneCode: { id: string; expiresAt: Date; confirmedAt: Date | null } | undefined;
  /** The code that confirms a consumer's contact; undefined once a newer code has replaced it. */
  contactCode: { id: string; expiresAt: Date; confirmedAt: Date | null } | undefined;
  /** The change of a consumer's contact; undefined once it is deleted. */
  contactChange: Awaited<ReturnType<typeof readContactChange>>;
  testOffer: Awaited<ReturnType<typeof readTestOffer>>;
  /** The rest that a question about the hours is about. */
  rest: Awaited<ReturnType<typeof readRest>>;
  /** The channel that works no more, and why as of now; undefined if it works again. */
  failedChannel: Awaited<ReturnType<typeof readFailedChannel>>;
  invitation: Awaited<ReturnType<typeof readInvitation>>;
  offer: Awaited<ReturnType<typeof readOffer>>;
  referral: Awaited<ReturnType<typeof readReferral>>;
  consumer: ConsumerContact | undefined;
}

/** Reads a notice with the current facts; undefined if there is no such notice. */
export async function readNotice(tx: Tx, noticeId: string): Promise<StoredNotice | undefined> {
  const row = await tx.selectFrom('notices').selectAll().where('id', '=', noticeId).executeTakeFirst();
  if (!row) return undefined;
  const { id, isRequested, language, planYear, createdAt, untilAt, npn, referralId, toAddress } = row;
  const kind = row.kind as NoticeKind;
  return {
    id,
    kind,
    isRequested,
    language,
    planYear,
    data: row.data as NoticeContents,
    createdAt,
    toAddress,
    untilAt,
    agent: npn ? await readAgent(tx, npn) : undefined,
    onboarding: npn && planYear ? await readOnboarding(tx, npn, planYear) : undefined,
    training:
      kind === 'invitation-late' && npn && planYear ? await readTraining(tx, npn, planYear) : undefined,
    username: kind === 'log-in-reminder' && npn ? await readUsername(tx, npn) : undefined,
    phoneCode: await readPhoneCode(tx, row.data as NoticeContents),
    contactCode: await readContactCode(tx, row.data as NoticeContents),
    contactChange: await readContactChange(tx, row.data as NoticeContents),
    testOffer: await readTestOffer(tx, row.data as NoticeContents),
    rest: await readRest(tx, row.data as NoticeContents),
    failedChannel: npn ? await readFailedChannel(tx, npn, row.data as NoticeContents) : undefined,
    invitation: row.invitationId ? await readInvitation(tx, row.invitationId) : undefined,
    offer: row.offerId ? await readOffer(tx, row.offerId) : undefined,
    referral: referralId ? await readReferral(tx, referralId) : undefined,
    consumer:
      referralId && noticeKinds[kind].to === 'consumer'
        ? await readConsumerContact(tx, referralId)
        : undefined,
  };
}

async function readAgent(tx: Tx, npn: string) {
  return tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'lastName', 'email', 'emailUndeliverableAt'])
    .select(['phone', 'phoneLineType', 'timeZone'])
    .select(['languages', 'statesWanted', 'registeredAt', 'leftAt', 'leftBecause'])
    .where('npn', '=', npn)
    .executeTakeFirst();
}

async function readOnboarding(tx: Tx, npn: string, planYear: number) {
  const row = await tx
    .selectFrom('onboardings')
    .select(['stage', 'causes'])
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .executeTakeFirst();
  return row as { stage: OnboardingStage; causes: OnboardingCause[] } | undefined;
}

async function readTraining(tx: Tx, npn: string, planYear: number) {
  return tx
    .selectFrom('trainingCompletions')
    .select('newToMarketplace')
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .executeTakeFirst();
}

async function readUsername(tx: Tx, npn: string): Promise<string | undefined> {
  const row = await tx.selectFrom('accounts').select('username').where('npn', '=', npn).executeTakeFirst();
  return row?.username;
}

async function readPhoneCode(tx: Tx, { phoneCodeId }: NoticeContents) {
  if (phoneCodeId === undefined) return undefined;
  return tx
    .selectFrom('phoneCodes')
    .select(['id', 'expiresAt', 'confirmedAt'])
    .where('id', '=', phoneCodeId)
    .executeTakeFirst();
}

async function readContactCode(tx: Tx, { contactCode }: NoticeContents) {
  if (contactCode === undefined) return undefined;
  return tx
    .selectFrom('contactCodes')
    .select(['id', 'expiresAt', 'confirmedAt'])
    .where('id', '=', contactCode.id)
    .executeTakeFirst();
}

async function readContactChange(tx: Tx, { contactChange }: NoticeContents) {
  if (contactChange === undefined) return undefined;
  const row = await tx
    .selectFrom('contactChanges')
    .select(['channel', 'address', 'addressBefore', 'codeId', 'codeExpiresAt', 'madeAt'])
    .where('id', '=', contactChange.id)
    .executeTakeFirst();
  return row && { ...row, channel: row.channel as ContactChannel };
}

async function readTestOffer(tx: Tx, { testOfferId }: NoticeContents) {
  if (testOfferId === undefined) return undefined;
  return tx
    .selectFrom('testOffers')
    .select(['id', 'shortCode', 'expiresAt'])
    .where('id', '=', testOfferId)
    .executeTakeFirst();
}

async function readRest(tx: Tx, { restId }: NoticeContents) {
  if (restId === undefined) return undefined;
  return tx
    .selectFrom('rests')
    .select(['id', 'unseenOffers', 'endedAt'])
    .where('id', '=', restId)
    .executeTakeFirst();
}

async function readFailedChannel(tx: Tx, npn: string, { failedChannel: channel }: NoticeContents) {
  const contact = channel && (await readContactFacts(tx, npn));
  if (!contact) return undefined;
  const because = obstacleTo(channel, { contact, hadPushSubscription: true });
  return because ? { channel, because } : undefined;
}

async function readInvitation(tx: Tx, id: string) {
  return tx
    .selectFrom('invitations')
    .select(['id', 'sentTo', 'issuedAt', 'expiresAt', 'endedAs'])
    .$narrowType<{ endedAs: InvitationEnd | null }>()
    .where('id', '=', id)
    .executeTakeFirst();
}

/** SQL: whether the agent has looked at an offer, in the portal or by the link in a message about it. */
export const wasLookedAt = (offerId: RawBuilder<unknown>) =>
  sql<boolean>`exists (select from disclosures d where d.offer_id = ${offerId} and d.shown = 'offer')`;

async function readOffer(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select(['id', 'number', 'shortCode', 'expiresAt', 'acceptedAt', 'contactDueAt', 'contactedAt'])
    .select(['endedAt', 'endedAs', 'offers.npn', 'firstName', 'lastName'])
    .select(['attempts', 'attemptedAt', 'nextTryAt'])
    .select(
      licenseNumberSql(
        sql`offers.npn`,
        sql`(select r.state from referrals r where r.id = offers.referral_id)`,
      ).as('licenseNumber'),
    )
    .select(wasLookedAt(sql`offers.id`).as('isSeen'))
    .select((offer) =>
      offer
        .exists(
          offer
            .selectFrom('offers as later')
            .select('later.id')
            .whereRef('later.referralId', '=', 'offers.referralId')
            .whereRef('later.number', '>', 'offers.number')
            .where('later.acceptedAt', 'is not', null),
        )
        .as('isFollowed'),
    )
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { firstName, lastName, endedAs, isFollowed, ...offer } = row;
  return {
    ...offer,
    endedAs: endedAs as OfferEnd | null,
    agentName: fullName({ firstName, lastName }),
    /** Whether another agent has accepted the referral later. */
    isFollowed: Boolean(isFollowed),
  };
}

async function readReferral(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('referrals')
    .select(['id', 'zip', 'city', 'state', 'timeZone', 'language', 'need', 'outcome', 'closedAt'])
    .select(['stage', 'causes', 'opensAt', 'contactBy', 'contactWrongAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { contactWrongAt, contactBy, need, outcome, causes, ...referral } = row;
  return {
    ...referral,
    contactBy: contactBy as ContactWay,
    need: need as Need,
    outcome: outcome as Outcome | null,
    contactWrong: contactWrongAt !== null,
    consentExpired: causes.includes('consent-expired' satisfies ReferralCause),
  };
}
