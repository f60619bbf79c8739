import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { OfferEnd } from '../../../domain/referrals/offer.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people.ts';

/** What the story does with an answer before it has its say. */
let story: () => Promise<unknown>;
const temporal = {
  workflow: { getHandle: () => ({ executeUpdate: () => story() }) },
  withDeadline: (_deadline: number, asked: () => Promise<unknown>) => asked(),
  connection: { close: async () => {} },
} as unknown as Client;

let api: ApiHarness;
let cookie: string;
let npn: string;
let referralId: string;
let offerId: string;
beforeAll(async () => {
  api = await openApiHarness({ temporal });
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
});
afterAll(() => api.close());
afterEach(() => later);
beforeEach(async () => {
  referralId = (await requestReferral(api)).id;
  offerId = await addOffer(api.db, { referralId, npn });
});

const at = new Date('2026-11-23T10:42:00Z');
const write = (row: { acceptedAt?: Date; endedAs?: OfferEnd }) =>
  api.db
    .updateTable('offers')
    .set({ ...row, ...(row.endedAs ? { endedAt: at, endedBy: 'clock' } : {}) })
    .where('id', '=', offerId)
    .execute();
const forget = () => api.db.deleteFrom('consumerContacts').where('referralId', '=', referralId).execute();
/** What the story writes once it has answered. */
let later: Promise<unknown> | undefined;
const soon = (deed: () => Promise<unknown>) => {
  later = sleep(300).then(deed);
};

/** As the server hands on what a validator or a handler refused. */
function refused(type: string): never {
  const cause = ApplicationFailure.create({
    type,
    message: 'No.',
    nonRetryable: true,
    details: [{ offerId }],
  });
  throw new WorkflowUpdateFailedError('Workflow Update failed', cause);
}

const answer = (verb: 'acceptance' | 'decline', body: object = {}) =>
  api.call(`POST /v1/offers/${offerId}/${verb}`, { cookie, body });

describe('an acceptance that is recorded just before the agent loses the referral', () => {
  test('shows no contact: it says what happened and when', async () => {
    story = async () => {
      await write({ acceptedAt: at, endedAs: 'withdrawn' });
      return { acceptedAt: at.toISOString() };
    };
    const late = await answer('acceptance');
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'withdrawn', at: at.toISOString() });
    expect(late.text).not.toContain('Reyes');
  });

  test('by consent that is taken back is told the same once the end is written', async () => {
    story = async () => {
      await write({ acceptedAt: at });
      await forget();
      soon(() => write({ endedAs: 'withdrawn' }));
      return { acceptedAt: at.toISOString() };
    };
    const late = await answer('acceptance');
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'withdrawn', at: at.toISOString() });
  });

  test('that is not lost shows the contact', async () => {
    story = async () => {
      await write({ acceptedAt: at });
      return { acceptedAt: at.toISOString() };
    };
    expect(await answer('acceptance')).toMatchObject({
      status: 200,
      json: { consumer: { name: 'Ana Reyes' } },
    });
  });
});

describe.each([
  ['acceptance', {}],
  ['decline', { reason: 'too-busy' }],
] as const)('a late %s', (verb, body) => {
  test.each(['expired', 'unreachable', 'rescinded', 'withdrawn', 'closed-by-ops'] as const)(
    'is told that the offer was %s, and when, although the story has yet to write it',
    async (end) => {
      story = async () => {
        soon(() => write({ endedAs: end }));
        return refused('offer-ended');
      };
      const late = await answer(verb, body);
      expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
      expect(late.json).toMatchObject({ end, at: at.toISOString() });
    },
  );

  test('is refused also where the end is not written in time', async () => {
    story = async () => refused('offer-ended');
    const late = await answer(verb, body);
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
  });
});

test('a decline that comes second is told when the offer was accepted', async () => {
  story = async () => {
    await write({ acceptedAt: at });
    return refused('not-allowed-now');
  };
  const late = await answer('decline', { reason: 'too-busy' });
  expect([late.status, problemNameOf(late), late.json['at']]).toEqual([
    409,
    'not-allowed-now',
    at.toISOString(),
  ]);
});

describe('an outcome', () => {
  const report = (body: object) => api.call(`POST /v1/referrals/${referralId}/outcomes`, { cookie, body });
  /** What the deeds write of a report and of what the referral came to. */
  const writeEvents = (...events: { kind: string; by: string; data: object }[]) =>
    api.db
      .insertInto('events')
      .values(
        events.map(({ data, ...event }, index) => ({
          ...event,
          subjectKind: 'referral',
          subjectId: referralId,
          sequence: 100 + index,
          at,
          data: JSON.stringify(data),
        })),
      )
      .execute();
  const reported = (more: object) => ({
    kind: 'outcome-reported',
    by: 'agent',
    data: { offerId, npn, ...more },
  });
  const entered = (stage: string) => ({ kind: 'stage-entered', by: 'service', data: { stage } });
  const never = async () => {
    throw new Error('the story is not asked');
  };

  test('that comes late is told what became of the offer and when, although the story has yet to write it', async () => {
    await write({ acceptedAt: at });
    story = async () => {
      soon(() => write({ endedAs: 'rescinded' }));
      return refused('offer-ended');
    };
    const late = await report({ outcome: 'contacted' });
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'rescinded', at: at.toISOString() });
  });

  test('of an offer that another report has closed is told so without the story', async () => {
    await write({ acceptedAt: at });
    await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
    await writeEvents(reported({ outcome: 'enrolled' }), entered('closed'));
    await write({ endedAs: 'closed' });
    story = never;
    const other = await report({ outcome: 'not-a-good-prospect', reason: 'has-other-coverage' });
    expect(other).toMatchObject({ status: 409, json: { end: 'closed', at: at.toISOString() } });
  });

  test.each([
    ['wrong-number', { outcome: 'wrong-number' }, 'wrong-number', 'queued'],
    ['handed back', { outcome: 'handed-back', reason: 'language' }, 'handed-back', 'offering'],
    ['enrolled', { outcome: 'enrolled' }, 'closed', 'closed'],
    ['quoted, before it was closed', { outcome: 'quoted' }, 'closed', 'contacted'],
    ['contacted, before it was closed', { outcome: 'contacted' }, 'closed', 'contacted'],
  ] as const)('that is repeated (%s) is answered like the first time', async (_name, body, end, stage) => {
    await write({ acceptedAt: at });
    await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
    await writeEvents(
      entered('accepted'),
      reported(body),
      entered(stage === 'contacted' ? 'closed' : stage),
      entered('unmatched'),
    );
    await write({ endedAs: end });
    story = never;
    expect(await report(body)).toMatchObject({ status: 200, json: { stage, since: at.toISOString() } });
    const otherReason = { outcome: 'handed-back', reason: 'cannot-help' };
    expect(await report(otherReason)).toMatchObject({ status: 409, json: { end } });
  });

  test('that is repeated before the referral has gone on is the story’s to answer', async () => {
    await write({ acceptedAt: at });
    await writeEvents(reported({ outcome: 'wrong-number' }));
    await write({ endedAs: 'wrong-number' });
    story = async () => ({ stage: 'queued', since: at.toISOString() });
    expect(await report({ outcome: 'wrong-number' })).toMatchObject({
      status: 200,
      json: { stage: 'queued' },
    });
  });

  test('contacted, where the consumer’s own word was first, is first contact', async () => {
    await write({ acceptedAt: at });
    story = async () => {
      await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
      return refused('not-allowed-now');
    };
    expect(await report({ outcome: 'contacted' })).toMatchObject({
      status: 200,
      json: { stage: 'contacted', since: at.toISOString() },
    });
  });
});
