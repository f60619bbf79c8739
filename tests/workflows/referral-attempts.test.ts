import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { reportOutcome } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { addTime } from './scenarios/guide-policy.ts';
import { acceptedReferral, ana, ben, endOfOffer, offerNumbered } from './scenarios/referral-scenarios.ts';
import { attributesOf, openWorkflowHarness, refusalFrom } from './scenarios/workflow-harness.ts';

let harness: Awaited<ReturnType<typeof openWorkflowHarness>>;
beforeAll(async () => {
  harness = await openWorkflowHarness();
});
afterEach(() => harness.endWorkflows());
afterAll(() => harness.close());

/** Starts a referral whose agent has accepted, and returns how they report a try. */
async function accepted() {
  const scenario = await acceptedReferral(harness, [ana, ben]);
  const { handle, offer, acceptedAt } = scenario;
  const afterAcceptance = (time: Parameters<typeof addTime>[1]) => addTime(new Date(acceptedAt), time);
  const tryUntil = (nextTryAt: Date, reportId = 'one') =>
    handle.executeUpdate(reportOutcome, {
      args: [{ offerId: offer.offerId, outcome: 'attempted', nextTryAt: nextTryAt.toISOString(), reportId }],
    });
  return { ...scenario, afterAcceptance, tryUntil };
}

describe('an agent has accepted and tried to reach the consumer', () => {
  test('the offer does not end after 60 minutes, but at the time of the next try', async () => {
    const { about, handle, offer, afterAcceptance, tryUntil } = await accepted();
    await harness.passUntil(afterAcceptance({ minutes: 20 }));
    const until = afterAcceptance({ hours: 4 });
    expect(await tryUntil(until)).toMatchObject({ stage: 'accepted' });
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({ Stage: 'accepted', WaitingUntil: until }),
    );
    await harness.passUntil(addTime(until, { minutes: -1 }));
    expect(offer.end).toBeUndefined();
    await harness.passUntil(addTime(until, { minutes: 1 }));
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent', endedBy: 'clock' });
    expect((await offerNumbered(about, 2)).npn).toBe(ben);
  });

  test('the consumer is told, and the agent is reminded at half of the new time', async () => {
    const { about, afterAcceptance, tryUntil } = await accepted();
    const sent = () => harness.delivery.sentBy(about.workflowId).map(({ kind }) => kind);
    await tryUntil(afterAcceptance({ hours: 4 }));
    await eventually(() => expect(sent()).toContain('agent-tried'));
    await harness.passUntil(afterAcceptance({ hours: 1, minutes: 55 }));
    expect(sent()).not.toContain('contact-reminder');
    await harness.passUntil(afterAcceptance({ hours: 2, minutes: 5 }));
    await eventually(() => expect(sent()).toContain('contact-reminder'));
  });

  test('contact at the next try goes on as contact at the first', async () => {
    const { handle, offer, afterAcceptance, tryUntil } = await accepted();
    await tryUntil(afterAcceptance({ hours: 4 }));
    await harness.passUntil(afterAcceptance({ hours: 3 }));
    const { offerId } = offer;
    const answer = await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'contacted' }] });
    expect(answer).toMatchObject({ stage: 'contacted' });
    await harness.passUntil(afterAcceptance({ hours: 5 }));
    expect(offer.end).toBeUndefined();
    expect(await refusalFrom(tryUntil(afterAcceptance({ hours: 6 }), 'two'))).toBe('not-allowed-now');
  });
});

describe('a try at the deadline', () => {
  test('that is reported at 59:30 and recorded only at 65:00 counts', async () => {
    const { about, handle, offer, afterAcceptance } = await accepted();
    await harness.passUntil(afterAcceptance({ minutes: 59, seconds: 30 }));
    about.injectedFaults.fail('recordOutcome');
    const nextTryAt = afterAcceptance({ hours: 4 }).toISOString();
    const report = await handle.startUpdate(reportOutcome, {
      args: [{ offerId: offer.offerId, outcome: 'attempted', nextTryAt }],
      waitForStage: 'ACCEPTED',
    });
    await harness.passUntil(afterAcceptance({ minutes: 65 }));
    expect(offer.end).toBeUndefined();
    about.injectedFaults.clear();
    await harness.passUntil(afterAcceptance({ minutes: 66 }));
    expect(await report.result()).toMatchObject({ stage: 'accepted' });
    await harness.passUntil(afterAcceptance({ hours: 3 }));
    expect(offer.end).toBeUndefined();
  });

  test('that is reported at 60:00 is refused: the offer has ended', async () => {
    const { offer, afterAcceptance, tryUntil } = await accepted();
    await harness.passUntil(afterAcceptance({ minutes: 60 }));
    expect(await refusalFrom(tryUntil(afterAcceptance({ hours: 4 })))).toBe('offer-ended');
    expect(await endOfOffer(offer)).toMatchObject({ end: 'silent' });
  });
});
