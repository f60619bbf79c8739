import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noCounts } from '../../../domain/ops/audit.ts';
import {
  beginAuditRun,
  endAuditRun,
  markRepaired,
  recordFindings,
} from '../../../store/ops/audit-findings.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const key = 'GET /v1/ops/audit';

test('ops see the last audit and what is wrong now; nobody else does', async () => {
  const { db } = api;
  const npn = await addAgent(db, { registered: true, stage: 'active' });
  expect((await api.call(key)).status).toBe(401);
  expect((await api.call(key, { cookie: await logInAs(api, { npn }) })).status).toBe(403);
  const cookie = await logInAs(api, { role: 'ops' });
  expect((await api.call(key, { cookie })).json).toEqual({ lastRun: null, openFindings: 0, findings: [] });

  const [runId, referralId] = [randomUUID(), randomUUID()];
  const at = new Date('2026-11-23T15:00:00Z');
  const later = new Date('2026-11-23T15:00:09Z');
  const finding = { kind: 'workflow-missing', subjectKind: 'referral', subjectId: referralId } as const;
  const stuck = { kind: 'outbox-stuck', subjectKind: 'outbox', subjectId: '7' } as const;
  await beginAuditRun(db, { runId, at });
  await db.transaction().execute(async (tx) => {
    await recordFindings(tx, [finding, stuck], { at, repairedAfter: () => at });
    await markRepaired(tx, [finding], at);
    await endAuditRun(tx, {
      runId,
      startedAt: at,
      at: later,
      counts: { ...noCounts, lookedAt: 9, found: 2, repaired: 1 },
    });
  });
  const seen = { firstSeenAt: at.toISOString(), lastSeenAt: at.toISOString() };
  expect((await api.call(key, { cookie })).json).toEqual({
    lastRun: {
      startedAt: at.toISOString(),
      endedAt: later.toISOString(),
      lookedAt: 9,
      found: 2,
      repaired: 1,
      resolved: 0,
      lists: 0,
      describes: 0,
      leftOver: 0,
    },
    openFindings: 2,
    findings: [
      {
        kind: 'workflow-missing',
        subject: { kind: 'referral', id: referralId },
        ...seen,
        repairedAt: at.toISOString(),
      },
      { kind: 'outbox-stuck', subject: { kind: 'outbox', id: '7' }, ...seen, repairedAt: null },
    ],
  });
});
