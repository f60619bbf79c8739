import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { OfferEnd } from '../../../domain/referrals/offer.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

/** The workflow's handling of an update. */
let handleUpdate: () => Promise<unknown>;
const temporal = {
  workflow: { getHandle: () => ({ executeUpdate: () => handleUpdate() }) },
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
  connection: { close: async () => {} },
} as unknown as Client;

let api: ApiHarness;
let cookie: string;
let npn: string;
let referralId: string;
let token: string;
let offerId: string;
beforeAll(async () => {
  api = await openApiHarness({ temporal });
  npn = await addAgent(api.db, { registered: true, stage: 'active' });
  cookie = await logInAs(api, { npn });
});
afterAll(() => api.close());
afterEach(() => lateWrite);
beforeEach(async () => {
  ({ id: referralId, token } = await requestReferral(api));
  offerId = await addOffer(api.db, { referralId, npn });
});

const at = new Date('2026-11-23T10:42:00Z');
const write = (row: { acceptedAt?: Date; endedAs?: OfferEnd }) =>
  api.db
    .updateTable('offers')
    .set({ ...row, ...(row.endedAs ? { endedAt: at, endedBy: 'clock' } : {}) })
    .where('id', '=', offerId)
    .execute();
const deleteContact = () => api.db.deleteFrom('referralKeys').where('referralId', '=', referralId).execute();
/** A write of the workflow after its answer. */
let lateWrite: Promise<unknown> | undefined;
const writeLater = (action: () => Promise<unknown>) => {
  lateWrite = sleep(300).then(action);
};

/** Throws a refusal of a validator or a handler as the client receives it. */
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
  test('shows no contact: the answer has the end and its time', async () => {
    handleUpdate = async () => {
      await write({ acceptedAt: at, endedAs: 'withdrawn' });
      return { acceptedAt: at.toISOString() };
    };
    const late = await answer('acceptance');
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'withdrawn', at: at.toISOString() });
    expect(late.text).not.toContain('Reyes');
  });

  test('by a withdrawn consent gets the same answer once the end is written', async () => {
    handleUpdate = async () => {
      await write({ acceptedAt: at });
      await deleteContact();
      writeLater(() => write({ endedAs: 'withdrawn' }));
      return { acceptedAt: at.toISOString() };
    };
    const late = await answer('acceptance');
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'withdrawn', at: at.toISOString() });
  });

  test('that stays shows the contact', async () => {
    handleUpdate = async () => {
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
    'is answered that the offer was %s, and when, although the workflow writes it later',
    async (end) => {
      handleUpdate = async () => {
        writeLater(() => write({ endedAs: end }));
        return refused('offer-ended');
      };
      const late = await answer(verb, body);
      expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
      expect(late.json).toMatchObject({ end, at: at.toISOString() });
    },
  );

  test('is also refused where the end is not written in time', async () => {
    handleUpdate = async () => refused('offer-ended');
    const late = await answer(verb, body);
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
  });
});

test('a decline after an acceptance is answered with the time of the acceptance', async () => {
  handleUpdate = async () => {
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
  /** Adds the events that activities write about a report and the referral's end. */
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
    throw new Error('The workflow must not be called');
  };

  test('that comes late is answered with the end of the offer and its time, although the workflow writes it later', async () => {
    await write({ acceptedAt: at });
    handleUpdate = async () => {
      writeLater(() => write({ endedAs: 'rescinded' }));
      return refused('offer-ended');
    };
    const late = await report({ outcome: 'contacted' });
    expect([late.status, problemNameOf(late)]).toEqual([409, 'offer-ended']);
    expect(late.json).toMatchObject({ end: 'rescinded', at: at.toISOString() });
  });

  test('of an offer that another report has closed is answered without the workflow', async () => {
    await write({ acceptedAt: at });
    await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
    await writeEvents(reported({ outcome: 'enrolled' }), entered('closed'));
    await write({ endedAs: 'closed' });
    handleUpdate = never;
    const other = await report({ outcome: 'not-a-good-prospect', reason: 'has-other-coverage' });
    expect(other).toMatchObject({ status: 409, json: { end: 'closed', at: at.toISOString() } });
  });

  test.each([
    ['wrong-number', { outcome: 'wrong-number' }, 'wrong-number', 'queued'],
    ['handed back', { outcome: 'handed-back', reason: 'language' }, 'handed-back', 'offering'],
    ['enrolled', { outcome: 'enrolled' }, 'closed', 'closed'],
    ['quoted, before it was closed', { outcome: 'quoted' }, 'closed', 'contacted'],
    ['contacted, before it was closed', { outcome: 'contacted' }, 'closed', 'contacted'],
  ] as const)('that is repeated (%s) gets the first answer', async (_name, body, end, stage) => {
    await write({ acceptedAt: at });
    await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
    await writeEvents(
      entered('accepted'),
      reported(body),
      entered(stage === 'contacted' ? 'closed' : stage),
      entered('unmatched'),
    );
    await write({ endedAs: end });
    handleUpdate = never;
    expect(await report(body)).toMatchObject({ status: 200, json: { stage, since: at.toISOString() } });
    const otherReason = { outcome: 'handed-back', reason: 'cannot-help' };
    expect(await report(otherReason)).toMatchObject({ status: 409, json: { end } });
  });

  test('that is repeated before the referral has changed is answered by the workflow', async () => {
    await write({ acceptedAt: at });
    await writeEvents(reported({ outcome: 'wrong-number' }));
    await write({ endedAs: 'wrong-number' });
    handleUpdate = async () => ({ stage: 'queued', since: at.toISOString() });
    expect(await report({ outcome: 'wrong-number' })).toMatchObject({
      status: 200,
      json: { stage: 'queued' },
    });
  });

  test('contacted, reported after the consumer confirmed contact, is first contact', async () => {
    await write({ acceptedAt: at });
    handleUpdate = async () => {
      await api.db.updateTable('offers').set({ contactedAt: at }).where('id', '=', offerId).execute();
      return refused('not-allowed-now');
    };
    expect(await report({ outcome: 'contacted' })).toMatchObject({
      status: 200,
      json: { stage: 'contacted', since: at.toISOString() },
    });
  });
});

describe('an update that Temporal lost after its transaction', () => {
  const wakesOfRelay = async () => {
    const rows = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
    return rows.filter(({ type, payload }) => {
      const about = payload as { referralId?: string };
      return type === 'wake-referral' && about.referralId === referralId;
    });
  };
  const asked: string[] = [];
  const isAsked = async () => {
    asked.push('workflow');
    return { acceptedAt: at.toISOString(), endedAt: at.toISOString() };
  };
  beforeEach(() => void asked.splice(0));

  test.each([
    ['acceptance', {}, { acceptedAt: at }],
    ['decline', { reason: 'too-busy' }, { endedAs: 'declined' }],
  ] as const)(
    'is sent again with a repeat of the %s, which its row has answered',
    async (verb, body, row) => {
      await write(row);
      handleUpdate = isAsked;
      expect((await answer(verb, body)).status).toBe(200);
      expect(asked).toEqual(['workflow']);
      expect(await wakesOfRelay()).toEqual([]);
    },
  );

  test('is left to the relay while Temporal does not answer, and the agent gets the answer of the row', async () => {
    await write({ acceptedAt: at });
    handleUpdate = async () => {
      throw new Error('Temporal is away');
    };
    expect(await answer('acceptance')).toMatchObject({
      status: 200,
      json: { consumer: { name: 'Ana Reyes' } },
    });
    expect(await wakesOfRelay()).toHaveLength(1);
  });

  test('is not asked for once the time to answer is over: the workflow has read the row', async () => {
    await write({ acceptedAt: at });
    await api.db.updateTable('offers').set({ expiresAt: new Date() }).where('id', '=', offerId).execute();
    handleUpdate = isAsked;
    expect((await answer('acceptance')).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test.each([
    ['report of the agent', 'outcomes', { outcome: 'contacted' }],
    ['report of the consumer', 'confirmation', { called: true }],
    ['wish for another agent', 'another-agent', {}],
  ])(
    'leaves a workflow behind that refuses the %s, which its row allows: the relay tells it',
    async (_what, path, body) => {
      await write({ acceptedAt: at });
      handleUpdate = async () => refused('not-allowed-now');
      const who = path === 'outcomes' ? { cookie } : { bearer: token };
      const early = await api.call(`POST /v1/referrals/${referralId}/${path}`, { ...who, body });
      expect([early.status, problemNameOf(early), early.headers.get('Retry-After')]).toEqual([
        503,
        'not-answered-yet',
        '1',
      ]);
      expect(await wakesOfRelay()).toHaveLength(1);
    },
  );
});
