import { randomUUID } from 'node:crypto';
import type { WishObstacle } from '../../../domain/matching/agent-wish.ts';
import type { NoticeToSend } from '../../../domain/notifications/notices.ts';
import type { Policy } from '../../../domain/policy.ts';
import { offerSentUntil } from '../../../domain/referrals/offer.ts';
import { offerPlacesAt } from '../../../domain/referrals/overlap.ts';
import { nextOpening } from '../../../domain/time/service-calendar.ts';
import { isWaitedFor } from '../../agents/serving.ts';
import type { Tx } from '../../database/connection.ts';
import { type ChosenAgent, chooseAgent } from '../../matching/candidates.ts';
import { wasAskedByWish } from '../../matching/wished-agent.ts';
import { readNotices } from '../../notifications/notices.ts';
import type { OfferRow } from '../offers/offers.ts';
import { reserveOffer } from '../offers/reservations.ts';
import { addNotice, enterStage, type ReferralChanges } from '../referral-changes.ts';
import type { ReferralRow } from '../referrals.ts';
import type { OffersSoFar } from './match-facts.ts';

/** An offer with the notice that tells its agent. A notice without channels reaches nobody. */
export interface AnnouncedOffer {
  offer: OfferRow;
  notice: NoticeToSend;
}

/** The open offers of a referral after a match. */
export interface OfferedMatch extends AnnouncedOffer {
  found: 'offer';
  /** The other open offers, earlier than `offer`. */
  beside: AnnouncedOffer[];
  /** When one more agent may be asked beside them; undefined: not while they are open. */
  askAnotherAt: Date | undefined;
}

/** A search of a referral for an agent. */
interface Search {
  open: readonly OfferRow[];
  soFar: OffersSoFar;
  at: Date;
  policy: Policy;
}

/** Returns the open offers, of which there is one at least, each with its notice. */
export async function announceOffers(
  tx: Tx,
  open: readonly OfferRow[],
  { askAnotherAt }: { askAnotherAt?: Date | undefined } = {},
): Promise<OfferedMatch> {
  return offeredMatch(await readAnnounced(tx, open), askAnotherAt);
}

function offeredMatch(announced: readonly AnnouncedOffer[], askAnotherAt: Date | undefined): OfferedMatch {
  const last = announced.at(-1);
  if (!last) throw new Error('An open offer is announced');
  return { found: 'offer', ...last, beside: announced.slice(0, -1), askAnotherAt };
}

/** Reads the notices that tell the agents of open offers. */
async function readAnnounced(tx: Tx, open: readonly OfferRow[]): Promise<AnnouncedOffer[]> {
  const notices = await readNotices(tx, open.map(offerNoticeKey));
  return notices.map((notice, index) => ({ offer: open[index] as OfferRow, notice }));
}

/** Offers a referral to the agent who was chosen for it. */
export async function askAgent(
  changes: ReferralChanges,
  { chosen, wishUnmet, ...search }: Search & { chosen: ChosenAgent; wishUnmet: WishObstacle | null },
): Promise<OfferedMatch> {
  const { tx, referral } = changes;
  const { id: referralId } = referral;
  const { open, soFar, at, policy } = search;
  const offer = await reserveOffer(tx, { referralId, chosen, wishUnmet, asked: soFar.made, at, policy });
  const { id: offerId, npn, number, expiresAt } = offer;
  const data = { offerId, npn, number, expiresAt: expiresAt.toISOString() };
  changes.events.push({ kind: 'offered', at, by: 'service', data });
  enterStage(changes, { stage: 'offering', waitingUntil: expiresAt, at });
  const notice = { noticeId: randomUUID(), kind: 'offer' as const, channels: chosen.channels };
  addNotice(changes, {
    id: notice.noticeId,
    kind: 'offer',
    npn,
    offerId,
    at,
    untilAt: offerSentUntil(offer),
    channels: notice.channels,
    dedupeKey: offerNoticeKey(offer),
  });
  const askAnotherAt = placeFreeAt(open.length + 1, referral, search);
  return offeredMatch([...(await readAnnounced(tx, open)), { offer, notice }], askAnotherAt);
}

/**
 * Asks one more agent beside those who have not answered, if there is a place for one. A consumer whom no agent was asked
 * for comes first: an agent whom such a request waits for is left to it.
 */
export async function askBeside(changes: ReferralChanges, search: Search): Promise<OfferedMatch> {
  const { tx, referral } = changes;
  const { open, soFar, at, policy } = search;
  const wait = (askAnotherAt?: Date) => announceOffers(tx, open, { askAnotherAt });
  if (soFar.asked >= policy.maxOffersPerReferral) return wait();
  const freeAt = placeFreeAt(open.length, referral, search);
  if (!freeAt || freeAt > at) return wait(freeAt);
  if (await isTurnOfWishedAgent(tx, referral, open)) return wait();
  const opensAt = nextOpening(at, policy.serviceCalendar, referral.timeZone);
  if (!opensAt || opensAt > at) return wait(opensAt);
  const chosen = await chooseUnwantedAgent(tx, referral, { at, policy });
  if (!chosen) return wait(new Date(at.getTime() + lookAgainMs));
  return askAgent(changes, { ...search, chosen, wishUnmet: null });
}

/** Chooses an agent whom no request waits for that has asked nobody; looks at the first few who are free. */
async function chooseUnwantedAgent(
  tx: Tx,
  referral: ReferralRow,
  { at, policy: limits }: Pick<Search, 'at' | 'policy'>,
): Promise<ChosenAgent | undefined> {
  const lockedInVain: string[] = [];
  while (lockedInVain.length < mostPassedOver) {
    const chosen = await chooseAgent(tx, referral, { at, limits, lockedInVain });
    if (!chosen || !(await isWaitedFor(tx, chosen.npn))) return chosen;
    lockedInVain.push(chosen.npn);
  }
  return undefined;
}

/** Agents who are left to other requests before a search gives up. */
const mostPassedOver = 3;

/** Checks if the agent whom the consumer asked for has the first turn, which is theirs alone. */
async function isTurnOfWishedAgent(
  tx: Tx,
  { id: referralId, agentWish }: ReferralRow,
  [first]: readonly OfferRow[],
): Promise<boolean> {
  if (!agentWish || first?.number !== 1) return false;
  return wasAskedByWish(tx, { referralId, npn: first.npn });
}

/** Time until an agent is looked for again while nobody is free to be asked beside the others, in milliseconds. */
const lookAgainMs = 60_000;

/** Returns when a referral with this number of open offers may have one more; undefined: not while these are open. */
function placeFreeAt(
  openOffers: number,
  { budgetEndsAt }: ReferralRow,
  { soFar, at, policy }: Search,
): Date | undefined {
  if (!policy.offerOverlap || at >= budgetEndsAt) return undefined;
  const search = { beganAt: soFar.searchBeganAt ?? at, budgetEndsAt };
  const { places, nextAt } = offerPlacesAt(at, policy.offerOverlap, search);
  return openOffers < places ? at : nextAt;
}

/** Key of the notice that tells an agent of an offer. */
const offerNoticeKey = ({ id }: OfferRow): string => `offer ${id}`;
