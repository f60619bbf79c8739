import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { AgentWish } from '../../domain/matching/agent-wish.ts';
import type { ContactChannel, PhoneChannel } from '../../domain/notifications/contact.ts';
import type { Policy } from '../../domain/policy.ts';
import { type ConsumerReach, channelsToConsumer } from '../../domain/referrals/consumer-contact.ts';
import type { ContactTime, ContactWay } from '../../domain/referrals/contact-times.ts';
import type { Need } from '../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { sealAddress, sealName } from '../encryption/contacts.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { newReferralKey, saveReferralKeySql } from '../encryption/referral-keys.ts';
import { sealWishedAgent } from '../encryption/wished-agents.ts';
import { appendEventsSql } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueue } from '../outbox.ts';
import type { Place } from '../zip-codes.ts';
import { type GivenConsent, saveConsentsSql } from './consents/consents.ts';
import { sendContactCodes } from './contacts/contact-codes.ts';
import {
  type AlreadyOpen,
  type ContactKey,
  findOpenReferral,
  lockContacts,
  saveContactKeysSql,
} from './contacts/contact-keys.ts';
import { linkNotice, matchingWindow, startReferralWorkflow } from './referral-queue.ts';
import type { ReferralEvent } from './referrals.ts';

/** A consumer's request for help, validated and ready to be saved. */
export interface NewReferral {
  /** A UUID; by default a new one. */
  id?: string;
  /** Hashes of its idempotency key, one with each phone number and address. */
  idempotencyKeys: readonly [string, ...string[]];
  /** Hash of the request, compared when its key comes again. */
  requestSha256: string;
  /** Hash of the link's token, which is derived from the referral's id. */
  tokenSha256: (id: string) => string;
  contact: { name: string; phone?: string; email?: string };
  /** Keys of the phone and the address above. */
  contactKeys: readonly ContactKey[];
  /** Channel of the code to the phone. */
  phoneOver: PhoneChannel;
  place: Place & { timeZone: string };
  language: string;
  interpreter: boolean;
  coverageYear: number;
  need: Need;
  contactBy: ContactWay;
  contactTimes: ContactTime[];
  /** The agent whom the consumer wants to be asked first. */
  agentWish?: AgentWish | undefined;
  consent: GivenConsent;
  /** Consent to texts; without it we text only what the consumer asks for at that moment. */
  textConsent?: GivenConsent | undefined;
  policy: Policy;
  at: Date;
}

/** The referral of a request, created now or when its key first came. */
export interface StoredReferral {
  id: string;
  requestSha256: string;
  /** Its first stage. */
  stage: 'queued' | 'unconfirmed';
  createdAt: Date;
  timeZone: string;
}

/**
 * Creates a referral in the caller's transaction: the row, its key, the contact in its own table, encrypted under the key, the
 * consents, the event `requested`, and the start of its workflow or the codes that must be entered first. If the key came before, nothing changes and the
 * result is that referral. Where confirmation is not required, an open request of the same contact is returned instead.
 */
export async function createReferral(
  tx: Tx,
  keyring: Keyring,
  request: NewReferral,
): Promise<StoredReferral | AlreadyOpen> {
  const { idempotencyKeys, contactKeys, policy, at } = request;
  await lockContacts(tx, contactKeys);
  const existing = await findReferralByIdempotencyKey(tx, idempotencyKeys);
  if (existing) return existing;
  const isConfirmed = !policy.confirmConsumerContact;
  const alreadyOpen = isConfirmed && (await findOpenReferral(tx, { keys: contactKeys }));
  if (alreadyOpen) return { alreadyOpen };

  const id = request.id ?? randomUUID();
  if (!(await insertRequest(tx, keyring, id, request)))
    return (await findReferralByIdempotencyKey(tx, idempotencyKeys)) as StoredReferral;
  const { requestSha256, place, phoneOver } = request;
  if (isConfirmed) {
    const channels = channelsToConsumer('referral-received', newContact(request));
    const { language } = request;
    await createNotice(tx, { ...linkNotice({ id, at }), referralId: id, channels, language });
    await startReferralWorkflow(tx, id);
  } else await sendContactCodes(tx, { referralId: id, phoneOver, at, policy });
  const stage = isConfirmed ? 'queued' : 'unconfirmed';
  return { id, requestSha256, stage, createdAt: at, timeZone: place.timeZone };
}

/** The contact of a request, of which nothing is known yet but what was typed. */
function newContact({ contact, textConsent }: NewReferral): ConsumerReach {
  return {
    hasPhone: contact.phone !== undefined,
    hasEmail: contact.email !== undefined,
    emailUndeliverableAt: null,
    agreesToTexts: textConsent !== undefined,
    confirmedChannels: [],
    wrongChannel: undefined,
  };
}

/**
 * Inserts the row of a request, and with it its key, the contact and its hashes, the consents and the event `requested`.
 * @returns false if the key came before
 */
async function insertRequest(tx: Tx, keyring: Keyring, id: string, request: NewReferral): Promise<boolean> {
  const { contact, contactKeys, agentWish, consent, textConsent, language, need, policy, at } = request;
  const common = { referralId: id, givenAt: at };
  const texts = textConsent ? [{ ...common, kind: 'texts' as const, ...textConsent }] : [];
  const consents = [{ ...common, kind: 'intake' as const, ...consent }, ...texts];
  const data = { language, need, ...(policy.confirmConsumerContact ? { unconfirmed: true } : {}) };
  const requested: ReferralEvent<'requested'> = { kind: 'requested', at, by: 'consumer', data };
  const isNew = sql`exists (select from inserted)`;
  const key = newReferralKey(keyring, id);
  const name = sealName(key, contact.name);
  const phone = sealAddress(key, 'phone', contact.phone);
  const email = sealAddress(key, 'email', contact.email);
  const wishedAgent = sealWishedAgent(key, agentWish?.agent);
  const { rows } = await sql`
    with inserted as (${insertReferral(tx, id, request)}),
    encrypted as (${saveReferralKeySql(key, at, isNew)}),
    contact as (
      insert into consumer_contacts (referral_id, name, phone, email, wished_agent)
      select id, ${name}::bytea, ${phone}::bytea, ${email}::bytea, ${wishedAgent}::bytea from inserted
    ), keys as (${saveContactKeysSql({ referralId: id, keys: contactKeys, confirmedAt: null }, isNew)}
    ), agreed as (${saveConsentsSql(consents, isNew)}
    ), requested as (${appendEventsSql({ kind: 'referral', referralId: id }, [requested], isNew)}
    )
    select id from inserted`.execute(tx);
  return rows.length > 0;
}

function insertReferral(tx: Tx, id: string, request: NewReferral) {
  const { idempotencyKeys, requestSha256, place, policy, at } = request;
  const { language, interpreter, coverageYear, need, contactBy, contactTimes, agentWish } = request;
  const { zip, city, state, lat, lon, timeZone } = place;
  const waitingUntil = new Date(at.getTime() + policy.unconfirmedTtlMs);
  const unconfirmed = policy.confirmConsumerContact
    ? { stage: 'unconfirmed', waitingUntil, deleteAt: waitingUntil }
    : {};
  return tx
    .insertInto('referrals')
    .values({
      id,
      since: at,
      createdAt: at,
      tokenSha256: request.tokenSha256(id),
      idempotencyKeySha256: idempotencyKeys[0],
      idempotencyKeys: [...idempotencyKeys],
      requestSha256,
      zip,
      city,
      state,
      lat,
      lon,
      timeZone,
      language,
      interpreter,
      coverageYear,
      need,
      contactBy,
      contactTimes,
      agentWish: agentWish?.by ?? null,
      policyVersion: policy.version,
      ...matchingWindow(at, timeZone, policy),
      ...unconfirmed,
    })
    .onConflict((row) => row.column('idempotencyKeySha256').doNothing())
    .returning('id');
}

/** A stored request with its current stage. */
type CurrentReferral = StoredReferral & { stageNow: ReferralStage; opensAt: Date | null };

/** Finds the referral for which a key was used before, with one of the same contacts. */
export async function findReferralByIdempotencyKey(
  tx: Tx,
  idempotencyKeys: readonly string[],
): Promise<CurrentReferral | undefined> {
  const row = await selectStoredReferrals(tx)
    .where(sql<boolean>`idempotency_keys && ${idempotencyKeys}::text[]`)
    .orderBy('referrals.createdAt')
    .limit(1)
    .executeTakeFirst();
  return row && toCurrentReferral(row);
}

/** Reads a stored request with its current stage. */
export async function readStoredReferral(tx: Tx, id: string): Promise<CurrentReferral | undefined> {
  const row = await selectStoredReferrals(tx).where('referrals.id', '=', id).executeTakeFirst();
  return row && toCurrentReferral(row);
}

function selectStoredReferrals(tx: Tx) {
  return tx
    .selectFrom('referrals')
    .leftJoin('contactCodes', 'contactCodes.referralId', 'referrals.id')
    .select(['referrals.id', 'requestSha256', 'referrals.createdAt', 'timeZone', 'stage as stageNow'])
    .select(['contactCodes.id as codeId', 'opensAt']);
}

type StoredRow = NonNullable<
  Awaited<ReturnType<ReturnType<typeof selectStoredReferrals>['executeTakeFirst']>>
>;

function toCurrentReferral({ codeId, stageNow, ...stored }: StoredRow): CurrentReferral {
  return {
    ...stored,
    stage: codeId === null ? 'queued' : 'unconfirmed',
    stageNow: stageNow as ReferralStage,
  };
}

/** Sends the link of an open request again, to the phone or the address that matched it. */
export async function resendLink(
  tx: Tx,
  { referralId, channel, at }: { referralId: string; channel: ContactChannel; at: Date },
): Promise<void> {
  const dedupeKey = `link-resent ${referralId} ${at.toISOString()}`;
  const notice = await createNotice(tx, {
    kind: 'link-resent',
    referralId,
    at,
    dedupeKey,
    channels: [channel],
  });
  // sent through the outbox, since the workflow may sleep while the consumer waits
  await enqueue(tx, { type: 'send-notice', payload: notice });
}
