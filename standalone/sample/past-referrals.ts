import { createReferralActivities, type ReferralActivities } from '../../activities/referrals/referral.ts';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import { nextOpening } from '../../domain/time/service-calendar.ts';
import { confirmHours } from '../../store/agents/rests.ts';
import { findConsentDocument } from '../../store/onboarding/terms.ts';
import { readLastAcceptedOffer, reportProblem } from '../../store/referrals/consumer-actions.ts';
import { deriveContactKeys } from '../../store/referrals/contacts/contact-keys.ts';
import { createReferral } from '../../store/referrals/intake.ts';
import { linkToken, sha256 } from '../../store/tokens.ts';
import { resolvePlace } from '../../store/zip-codes.ts';
import { createCascade } from './cascade.ts';
import type { PastContext } from './past-context.ts';
import { createPastPeople, dayMs, generateRequests, outcomeOf, type PastRequest } from './past-requests.ts';

/** A request with the id of its referral. */
type Asked = PastRequest & { id: string };

/** The last instant at which a referral of the past closes, before its end. */
const closedBeforeMs = 3_600_000;

/** Plans the requests of the past, with all that comes of them until they are closed. */
export function planPastReferrals(
  context: PastContext,
  { from, seed, busyNpns }: { from: Date; seed: number; busyNpns: readonly string[] },
): void {
  const { db, keyring, linkSecret, clock, until } = context;
  // nobody types a code
  const policy: Policy = { ...context.policy, confirmConsumerContact: false };
  const numbers = new Map<string, number>();
  let isProblemReported = false;
  const plain = createReferralActivities({ db, policy, keyring, now: clock.now });
  const activities = followed(plain, {
    deliver: context.deliver,
    afterContact: (reached) => {
      const number = numbers.get(reached.referralId) ?? 0;
      const left = until.getTime() - closedBeforeMs - clock.now().getTime();
      const { afterMs, ...outcome } = outcomeOf(seed, number, left);
      clock.at(clock.now().getTime() + afterMs, () => close(reached, outcome));
    },
  });
  const cascade = createCascade<Asked>({
    activities,
    people: createPastPeople(seed, busyNpns),
    clock,
    confirmHours: (npn) =>
      db.transaction().execute((tx) => confirmHours(tx, { npn, at: clock.now(), limits: policy })),
  });
  for (const request of generateRequests(seed, { from, until }))
    clock.at(request.at, async () => {
      const id = await ask(request);
      if (id === undefined) return;
      numbers.set(id, request.number);
      await cascade.begin({ ...request, id });
    });

  /** Saves a request, unless the service is closed that day. @returns its id */
  async function ask(request: PastRequest): Promise<string | undefined> {
    const { at, number, name, phone, email, zip, language, need, coverageYear, agreesToTexts } = request;
    const place = (await resolvePlace(db, { zip }))?.place;
    const timeZone = place?.timeZone;
    const written = language === 'es' ? 'es' : 'en';
    const consent = await findConsentDocument(db, 'intake', written);
    const texts = agreesToTexts ? await findConsentDocument(db, 'texts', written) : undefined;
    if (!place || !timeZone || !consent) throw new Error(`A request from ${zip} cannot be made`);
    const opensAt = nextOpening(at, policy.serviceCalendar, timeZone);
    if (!opensAt || opensAt.getTime() - at.getTime() > dayMs) return undefined;
    const key = sha256(`sample ${seed} ${number}`);
    const given = { language: written, givenBy: 'adult' } as const;
    const created = await createReferral(db, keyring, {
      // agents who are idle equally long are asked in an order that the id decides
      id: uuidOf(key),
      idempotencyKeys: [key],
      requestSha256: key,
      tokenSha256: (id) => sha256(linkToken(linkSecret, 'referral', id)),
      contact: { name, phone, email },
      contactKeys: deriveContactKeys(keyring.lookupKey, { phone, email }),
      phoneOver: 'text',
      place: { ...place, timeZone },
      language,
      interpreter: false,
      coverageYear,
      need,
      contactBy: 'call',
      contactTimes: [],
      consent: { ...given, version: consent.version },
      textConsent: texts && { ...given, version: texts.version },
      policy,
      at,
    });
    return 'alreadyOpen' in created ? undefined : created.id;
  }

  /** Reports what came of a referral, which closes it. */
  async function close(
    { referralId, offerId }: Reached,
    { outcome, reason }: Omit<ReturnType<typeof outcomeOf>, 'afterMs'>,
  ): Promise<void> {
    const at = clock.now().toISOString();
    const because = reason ? { reason } : {};
    await activities.recordOutcome({ referralId, offerId, outcome, ...because, at });
    await activities.endOffer({ referralId, offerId, end: 'closed', by: 'agent', ...because, at });
    await activities.closeReferral({ referralId, stage: 'closed', outcome, at });
    if (outcome === 'enrolled' || isProblemReported) return;
    isProblemReported = true;
    const offer = await readLastAcceptedOffer(db, referralId);
    if (offer) await reportProblem(db, { referralId, offer, problem: 'kept-calling', at: clock.now() });
  }
}

/** Makes a UUID of a hash in hexadecimal. */
function uuidOf(hash: string): string {
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
}

/** An offer whose agent has reached the consumer. */
interface Reached {
  referralId: string;
  offerId: string;
}

/** Has the notices that an activity leaves arrive at once, and tells of each first contact. */
function followed(
  activities: ReferralActivities,
  {
    deliver,
    afterContact,
  }: {
    deliver: (notices: readonly NoticeToSend[]) => Promise<void>;
    afterContact: (reached: Reached) => void;
  },
): ReferralActivities {
  const delivering = Object.entries(activities).map(([name, run]) => [
    name,
    async (about: never) => {
      const result = await run(about);
      await deliver(result.notices);
      return result;
    },
  ]);
  const all = Object.fromEntries(delivering) as ReferralActivities;
  return {
    ...all,
    async recordOutcome(about) {
      const result = await all.recordOutcome(about);
      if (about.outcome === 'contacted') afterContact(about);
      return result;
    },
  };
}
