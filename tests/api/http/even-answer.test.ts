import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inEvenTime } from '../../../api/http/even-answer.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** Milliseconds that something takes. A timer may fire a millisecond early. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt + 2;
}

test.each([
  ['log-in-reminders', { npn: '99999999' }],
  ['onboarding-status-requests', { npn: '99999999' }],
  ['invitation-requests', { npn: '99999999' }],
  ['status-link-requests', { email: 'nobody@example.org' }],
])('%s is answered no sooner for somebody unknown, for whom nothing is done', async (path, body) => {
  expect(await timeOf(() => api.call(`POST /v1/${path}`, { body }))).toBeGreaterThan(250);
});

test('what takes longer than a step ends with the next one', async () => {
  expect(await timeOf(() => inEvenTime(() => wait(260)))).toBeGreaterThan(500);
});

test('what fails does so at once', async () => {
  const failing = inEvenTime(() => Promise.reject(new Error('no database')));
  await expect(failing).rejects.toThrow('no database');
});
