import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../../domain/failures.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, invite, testPassword } from '../../harness/people/people.ts';

let api: ApiHarness;
/** Answers of the workflow, one for each update; a stage once none is left. */
let refusals: FailureType[] = [];
let updateIds: string[] = [];
beforeAll(async () => {
  const getHandle = () => ({
    executeUpdate: async (_update: unknown, { updateId }: { updateId: string }) => {
      updateIds.push(updateId);
      const type = refusals.shift();
      if (!type) return { stage: 'awaiting-terms' };
      throw new WorkflowUpdateFailedError('refused', ApplicationFailure.nonRetryable('refused', type));
    },
  });
  const client = { workflow: { getHandle }, withDeadline: (_at: number, call: () => unknown) => call() };
  api = await openApiHarness({ temporal: client as unknown as Client });
});
afterAll(() => api.close());

test('a registration that meets another one of the same link waits for the result of that one', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const { version } = (await api.call('GET /v1/terms/terms-of-use')).json;
  [refusals, updateIds] = [['registration-busy'], []];
  const body = {
    token,
    username: `ana.${randomUUID().slice(0, 8)}`,
    password: testPassword,
    phone: '+18015550123',
    contactPreference: 'email-text',
    zip: '84101',
    termsOfUseVersion: version,
  };
  const answer = await api.call('POST /v1/registrations', { body });
  expect([answer.status, answer.json['stage']]).toEqual([201, 'awaiting-terms']);
  expect(updateIds).toHaveLength(2);
  expect(new Set(updateIds).size).toBe(1);
});
