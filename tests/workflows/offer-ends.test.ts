import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { endOnTimeout, type OfferEnd, type OfferPhase, offerEndRules } from '../../domain/referrals/offer.ts';
import {
  accept,
  askAnother,
  closeByOps,
  decline,
  matchAgain,
  offerUnreachable,
  reportOutcome,
  rescindOffer,
  withdraw,
} from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import { createGate } from './scenarios/injected-faults.ts';
import {
  acceptedReferral,
  ana,
  ben,
  contactedReferral,
  endOfOffer,
  offeredReferral,
  offerNumbered,
  onceNotBusy,
  queuedReferral,
} from './scenarios/referral-scenarios.ts';
import { openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

const refusalOnceNotBusy = (update: () => Promise<unknown>) => refusalFrom(onceNotBusy(update));

type Scenario = Awaited<ReturnType<typeof offeredReferral>>;

const phases = {
  offered: offeredReferral,
  accepted: acceptedReferral,
  contacted: contactedReferral,
} as const satisfies Record<OfferPhase, unknown>;

/**
 * Makes each end. Resolves to the refusal, if any. Ends that only the clock makes are tested under "a timeout", that by
 * another agent in `overlapping-offers.test.ts`.
 */
const makeEnd = {
  declined: ({ handle, offer: { offerId } }) =>
    refusalOnceNotBusy(() => handle.executeUpdate(decline, { args: [{ offerId, reason: 'too-busy' }] })),
  unreachable: ({ handle, offer: { offerId } }) => signaled(handle.signal(offerUnreachable, { offerId })),
  rescinded: ({ handle, offer: { offerId } }) => signaled(handle.signal(rescindOffer, { offerId })),
  'handed-back': ({ handle, offer: { offerId } }) =>
    refusalOnceNotBusy(() =>
      handle.executeUpdate(reportOutcome, {
        args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
      }),
    ),
  // no agent is asked before the consumer has corrected the number
  'wrong-number': async ({ about, handle, offer: { offerId } }) => {
    const refusal = await refusalOnceNotBusy(() =>
      handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'wrong-number' }] }),
    );
    about.contactWrong = false;
    await handle.signal(matchAgain, { isQueued: true });
    return refusal;
  },
  'another-asked': ({ handle, offer: { offerId } }) =>
    refusalOnceNotBusy(() => handle.executeUpdate(askAnother, { args: [{ offerId }] })),
  closed: ({ handle, offer: { offerId } }) =>
    refusalOnceNotBusy(() =>
      handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'enrolled' }] }),
    ),
  'closed-by-ops': ({ handle }) => signaled(handle.signal(closeByOps)),
  withdrawn: ({ handle }) => refusalOnceNotBusy(() => handle.executeUpdate(withdraw)),
} as const satisfies Record<
  Exclude<OfferEnd, 'expired' | 'silent' | 'consent-expired' | 'taken'>,
  (scenario: Scenario) => Promise<string | undefined>
>;

/** A signal is never refused. */
async function signaled(sending: Promise<void>): Promise<undefined> {
  await sending;
}

const cases = Object.keys(phases).flatMap((phase) =>
  Object.keys(makeEnd).map((end) => ({ phase: phase as OfferPhase, end: end as keyof typeof makeEnd })),
);
const isPossible = ({ phase, end }: (typeof cases)[number]) => offerEndRules[end].in.includes(phase);
const possible = cases.filter(isPossible);

describe('every end in every phase', () => {
  test.each(possible.filter(({ end }) => offerEndRules[end].then === 'ask-another'))(
    '$end, when $phase: the next agent is asked',
    async ({ phase, end }) => {
      const scenario = await phases[phase](harness, [ana, ben]);
      expect(await makeEnd[end](scenario)).toBeUndefined();
      expect(await endOfOffer(scenario.offer)).toMatchObject({ end, endedBy: offerEndRules[end].by });
      expect((await offerNumbered(scenario.about, 2)).npn).toBe(ben);
    },
  );

  test.each(possible.filter(({ end }) => offerEndRules[end].then === 'close'))(
    '$end, when $phase: the referral is over',
    async ({ phase, end }) => {
      const scenario = await phases[phase](harness, [ana, ben]);
      expect(await makeEnd[end](scenario)).toBeUndefined();
      expect(await endOfOffer(scenario.offer)).toMatchObject({ end, endedBy: offerEndRules[end].by });
      await eventually(() => expect(scenario.about.closedAt).toBeDefined());
      expect(scenario.about.candidates).toEqual([ben]);
    },
  );

  const impossible = cases.filter((about) => !isPossible(about));
  test.each(impossible.filter(({ end }) => offerEndRules[end].by !== 'service'))(
    '$end, when $phase, is not allowed',
    async ({ phase, end }) => {
      const scenario = await phases[phase](harness, [ana, ben]);
      expect(await makeEnd[end](scenario)).toBe('not-allowed-now');
      expect(scenario.offer.end).toBeUndefined();
      expect(scenario.about.offers).toHaveLength(1);
    },
  );

  test.each(impossible.filter(({ end }) => offerEndRules[end].by === 'service'))(
    '$end, when $phase, changes nothing',
    async ({ phase, end }) => {
      const scenario = await phases[phase](harness, [ana, ben]);
      await makeEnd[end](scenario);
      await harness.passUntil(addTime(await harness.now(), { minutes: 1 }));
      expect(scenario.offer.end).toBeUndefined();
      expect(scenario.about).toMatchObject({ stage: phase, candidates: [ben] });
    },
  );
});

describe('a timeout', () => {
  const windows = {
    offered: { minutes: 15 },
    accepted: { minutes: 60 },
    contacted: { days: 30 },
  } satisfies Record<OfferPhase, Parameters<typeof addTime>[1]>;

  test.each(Object.keys(phases) as OfferPhase[])('in the phase %s has an end of its own', async (phase) => {
    const { about, offer } = await phases[phase](harness, [ana, ben]);
    await harness.passUntil(addTime(about.since, windows[phase]));
    expect(await endOfOffer(offer)).toMatchObject({ end: endOnTimeout[phase], endedBy: 'clock' });
  });
});

describe('channels that refuse', () => {
  test('end an offer only while it is unanswered', async () => {
    const about = await queuedReferral(harness, [ana, ben]);
    const sending = createGate();
    harness.delivery.useProvider(about.workflowId, async ({ to }) => {
      if (to === 'consumer') return 'sent';
      await sending.pass();
      return 'refused';
    });
    const handle = await harness.startReferral(about);
    await sending.reached;
    const { offerId } = await offerNumbered(about, 1);
    await handle.executeUpdate(accept, { args: [{ offerId }] });
    sending.release();
    await harness.passUntil(addTime(await harness.now(), { minutes: 30 }));
    expect(about).toMatchObject({ stage: 'accepted', candidates: [ben] });
  });
});

test('every workflow run here replays to the same commands', async () => {
  expect(await harness.replayAll()).toEqual({});
});
