import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ReferralStage } from '../../../domain/stages.ts';
import { recordReferralEvent } from '../../../store/referrals/referrals.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { listenTo } from '../../harness/event-stream.ts';
import { requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** Listens as a browser does; `next` waits for the next event. */
async function listen(referral: { id: string; token: string }, lastEventId?: number) {
  const client = await listenTo(`${api.url}/v1/referrals/${referral.id}/events`, {
    Authorization: `Bearer ${referral.token}`,
    ...(lastEventId === undefined ? {} : { 'Last-Event-ID': `${lastEventId}` }),
  });
  const next = async () => {
    const { id, event, data } = await client.next();
    expect(event).toBe('stage');
    return { id, stage: data['stage'] };
  };
  return { ...client, next };
}

async function enter(referralId: string, stage: ReferralStage): Promise<void> {
  await api.db.transaction().execute((tx) =>
    recordReferralEvent(tx, referralId, {
      kind: 'stage-entered',
      at: new Date(),
      by: 'service',
      data: { stage, causes: [], waitingUntil: null },
    }),
  );
}

test('the current stage comes first, then each as it is entered', async () => {
  const referral = await requestReferral(api);
  const { response, next, leave } = await listen(referral);
  expect(response.headers.get('Content-Type')).toMatch('text/event-stream');
  expect(response.headers.get('Content-Encoding')).toBeNull();
  expect(await next()).toEqual({ id: 1, stage: 'queued' });
  await enter(referral.id, 'offering');
  expect(await next()).toEqual({ id: 2, stage: 'offering' });
  await enter(referral.id, 'accepted');
  expect(await next()).toEqual({ id: 3, stage: 'accepted' });
  leave();
});

test('a client that reconnects with the last event’s id receives what it missed, and nothing twice', async () => {
  const referral = await requestReferral(api);
  await enter(referral.id, 'offering');
  await enter(referral.id, 'accepted');
  const { next, leave } = await listen(referral, 2);
  expect(await next()).toEqual({ id: 3, stage: 'accepted' });
  await enter(referral.id, 'contacted');
  expect(await next()).toEqual({ id: 4, stage: 'contacted' });
  leave();
});

test('a stream has events of its own referral only', async () => {
  const [one, other] = [await requestReferral(api), await requestReferral(api)];
  const { next, leave } = await listen(one);
  await next();
  await enter(other.id, 'offering');
  await enter(one.id, 'unmatched');
  expect(await next()).toEqual({ id: 2, stage: 'unmatched' });
  leave();
});

test('a change made while the connection to Postgres is lost is sent once it is back', async () => {
  const referral = await requestReferral(api);
  const { next, leave } = await listen(referral);
  await next();
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'help-on-demand live events'`.execute(api.db);
  await enter(referral.id, 'offering');
  expect(await next()).toEqual({ id: 2, stage: 'offering' });
  leave();
});

test('a process that stops ends its streams instead of waiting for them', async () => {
  const own = await openApiHarness();
  const referral = await requestReferral(own);
  const response = await fetch(`${own.url}/v1/referrals/${referral.id}/events`, {
    headers: { Authorization: `Bearer ${referral.token}` },
  });
  const ended = response.text();
  await own.close();
  expect(await ended).toContain('event: stage');
});
