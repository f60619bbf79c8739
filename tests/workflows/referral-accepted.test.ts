import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { reportOutcome, withdraw } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { after } from './guide-policy.ts';
import { accepted, ana, ben, contacted, endOf, offerOf } from './referral-stories.ts';
import { attributesOf, openWorld, refusalFrom } from './world.ts';

let world: Awaited<ReturnType<typeof openWorld>>;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => world.endStories());
afterAll(() => world.close());

const lettersOf = ({ workflowId }: { workflowId: string }) =>
  world.mailroom.lettersOf(workflowId).map(({ kind, to }) => `${kind} to ${to}`);

describe('an agent has accepted', () => {
  test('the consumer is told who will call, and the agent has 60 minutes for it', async () => {
    const { about, handle, offer, acceptedAt } = await accepted(world, [ana, ben]);
    expect(acceptedAt).toBe(offer.acceptedAt?.toISOString());
    await eventually(() => expect(lettersOf(about)).toContain('agent-found to consumer'));
    await eventually(async () =>
      expect(await attributesOf(handle)).toMatchObject({
        Stage: 'accepted',
        WaitingUntil: after(new Date(acceptedAt), { minutes: 60 }),
      }),
    );
    await world.passUntil(after(new Date(acceptedAt), { minutes: 59 }));
    expect(offer.end).toBeUndefined();
  });

  test('and does not call within 60 minutes: both are told, and the next agent is asked', async () => {
    const { about, offer, acceptedAt } = await accepted(world, [ana, ben]);
    await world.passUntil(after(new Date(acceptedAt), { minutes: 60 }));
    expect(await endOf(offer)).toMatchObject({ end: 'silent', endedBy: 'clock' });
    expect((await offerOf(about, 2)).npn).toBe(ben);
    await eventually(() =>
      expect(lettersOf(about)).toEqual(
        expect.arrayContaining([`offer-over to ${ana}`, 'agent-gone to consumer', `offer to ${ben}`]),
      ),
    );
  });

  test('and hands it back with a reason: the consumer is told, and the next agent is asked at once', async () => {
    const { about, handle, offer } = await accepted(world, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'cannot-help' }],
    });
    expect(answer).toMatchObject({ stage: 'offering' });
    expect(offer).toMatchObject({ end: 'handed-back', endedBy: 'agent' });
    expect((await offerOf(about, 2)).npn).toBe(ben);
    await eventually(() => expect(lettersOf(about)).toContain('agent-gone to consumer'));
    expect(lettersOf(about)).not.toContain(`offer-over to ${ana}`);
  });

  test('cannot report an enrollment before having reached the consumer', async () => {
    const { handle, offer } = await accepted(world, [ana]);
    const { offerId } = offer;
    const report = handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'enrolled' }] });
    expect(await refusalFrom(report)).toBe('not-allowed-now');
    expect(offer.end).toBeUndefined();
  });

  test('and the consumer withdraws: the agent is told, nobody else is asked', async () => {
    const { about, handle, offer } = await accepted(world, [ana, ben]);
    expect(await handle.executeUpdate(withdraw)).toMatchObject({ stage: 'withdrawn' });
    expect(offer).toMatchObject({ end: 'withdrawn', endedBy: 'consumer' });
    expect(await handle.result()).toBe('withdrawn');
    expect(lettersOf(about)).toContain(`offer-over to ${ana}`);
    expect(about.bench).toEqual([ben]);
  });
});

describe('an agent has reached the consumer', () => {
  test('and enrolls them: the referral closes with that outcome', async () => {
    const { about, handle, offer } = await contacted(world, [ana, ben]);
    const { offerId } = offer;
    const answer = await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'enrolled' }] });
    expect(answer).toMatchObject({ stage: 'closed' });
    expect(await handle.result()).toBe('closed');
    expect(about).toMatchObject({ stage: 'closed', outcome: 'enrolled', bench: [ben] });
    expect(offer).toMatchObject({ end: 'closed', endedBy: 'agent' });
  });

  test('and quotes first: the referral stays with the agent until the outcome is known', async () => {
    const { about, handle, offer } = await contacted(world, [ana]);
    const { offerId } = offer;
    const quoted = await handle.executeUpdate(reportOutcome, { args: [{ offerId, outcome: 'quoted' }] });
    expect(quoted).toMatchObject({ stage: 'contacted' });
    await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'not-a-good-prospect', reason: 'has-other-coverage' }],
    });
    expect(await handle.result()).toBe('closed');
    expect(about.outcome).toBe('not-a-good-prospect');
  });

  test('the 60 minutes to call no longer count', async () => {
    const { offer, acceptedAt } = await contacted(world, [ana, ben]);
    await world.passUntil(after(new Date(acceptedAt), { hours: 24 }));
    expect(offer.end).toBeUndefined();
  });

  test('and says nothing more for 30 days: the referral closes by the clock', async () => {
    const { about, handle, offer } = await contacted(world, [ana, ben]);
    const closesAt = after(offer.contactedAt ?? new Date(0), { days: 30 });
    await world.passUntil(after(closesAt, { minutes: -1 }));
    expect(offer.end).toBeUndefined();
    await world.passUntil(closesAt);
    expect(await endOf(offer)).toMatchObject({ end: 'closed', endedBy: 'clock' });
    expect(await handle.result()).toBe('closed');
    expect(about).toMatchObject({ stage: 'closed', outcome: 'contacted', bench: [ben] });
  });

  test('and hands it back even then: the next agent is asked', async () => {
    const { about, handle, offer } = await contacted(world, [ana, ben]);
    const { offerId } = offer;
    await handle.executeUpdate(reportOutcome, {
      args: [{ offerId, outcome: 'handed-back', reason: 'no-contact-after-attempts' }],
    });
    expect((await offerOf(about, 2)).npn).toBe(ben);
  });
});

test('every story told here replays to the same steps', async () => {
  expect(await world.replayAll()).toEqual({});
});
