import { obstacleTo } from '../../domain/agents/readiness.ts';
import type { ContactChannel } from '../../domain/notifications/contact.ts';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { NoticeContents } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';
import { openChangedAddresses, selectEncryptedChange } from '../encryption/contact-changes.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { readContactFacts } from './reachability.ts';

/** A notice, as far as it says what else is to be read for it. */
interface Notice {
  kind: NoticeKind;
  npn: string | null;
  planYear: number | null;
  data: NoticeContents;
}

/** What few kinds of notices are about, each undefined for the others. Nothing is read for a notice without it. */
export interface NoticeOccasion {
  training: { newToMarketplace: boolean } | undefined;
  /** Username of the agent's account, for the log-in reminder alone. */
  username: string | undefined;
  /** The link to a new password; undefined once it was used or a newer one has replaced it. */
  passwordReset: { id: string; expiresAt: Date } | undefined;
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
}

/** Reads what a notice is about beside its subjects. */
export async function readOccasion(
  tx: Tx,
  keyring: Keyring,
  { kind, npn, planYear, data }: Notice,
): Promise<NoticeOccasion> {
  return {
    training:
      kind === 'invitation-late' && npn && planYear ? await readTraining(tx, npn, planYear) : undefined,
    username: kind === 'log-in-reminder' && npn ? await readUsername(tx, npn) : undefined,
    passwordReset: await readPasswordReset(tx, data),
    phoneCode: await readPhoneCode(tx, data),
    contactCode: await readContactCode(tx, data),
    contactChange: await readContactChange(tx, keyring, data),
    testOffer: await readTestOffer(tx, data),
    rest: await readRest(tx, data),
    failedChannel: npn ? await readFailedChannel(tx, npn, data) : undefined,
  };
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

async function readPasswordReset(tx: Tx, { passwordResetId }: NoticeContents) {
  if (passwordResetId === undefined) return undefined;
  return tx
    .selectFrom('passwordResets')
    .select(['id', 'expiresAt'])
    .where('id', '=', passwordResetId)
    .executeTakeFirst();
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

async function readContactChange(tx: Tx, keyring: Keyring, { contactChange }: NoticeContents) {
  if (contactChange === undefined) return undefined;
  const row = await selectEncryptedChange(tx)
    .select(['channel', 'codeId', 'codeExpiresAt', 'madeAt'])
    .where('contactChanges.id', '=', contactChange.id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { channel, codeId, codeExpiresAt, madeAt } = row;
  const addresses = openChangedAddresses(keyring, row);
  return { channel: channel as ContactChannel, codeId, codeExpiresAt, madeAt, ...addresses };
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
