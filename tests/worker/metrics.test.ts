import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findingKinds, noCounts } from '../../domain/ops/audit.ts';
import { defaultPolicy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import { startInternalServer } from '../../runtime/internal-server.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { stopTexts } from '../../store/notifications/text-opt-outs.ts';
import { decideOnReply, unclearReplies } from '../../store/notifications/unclear-replies.ts';
import { beginAuditRun, endAuditRun, recordFindings } from '../../store/ops/audit-findings.ts';
import { retentionKinds } from '../../store/ops/retention.ts';
import { enqueue, enqueueBulk } from '../../store/outbox.ts';
import { markProblemHandled } from '../../store/referrals/outcomes/problem-reports.ts';
import { createWorkerMetrics } from '../../worker/metrics.ts';
import { openActivityHarness } from '../harness/activity-harness.ts';
import { keyed } from '../harness/keyring.ts';
import { seedAgent, seedOffer } from '../harness/people/fixtures.ts';
import { scrape } from '../harness/scrape.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
let server: Awaited<ReturnType<typeof startInternalServer>>;
let isReady = true;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
  const metrics = createWorkerMetrics(db, defaultPolicy);
  server = await startInternalServer({ port: 0, host: '127.0.0.1', metrics, isReady: async () => isReady });
});
afterAll(async () => {
  await server.close();
  await db.destroy();
  await database.drop();
});

const ours = async () =>
  Object.fromEntries(
    Object.entries(await scrape(server.port)).filter(([name]) => name.startsWith('help_on_demand_')),
  );
const findings = (open: Partial<Record<keyof typeof findingKinds, number>>) =>
  Object.fromEntries(
    Object.keys(findingKinds).map((kind) => [
      `help_on_demand_audit_findings_open{finding="${kind}"}`,
      open[kind as keyof typeof findingKinds] ?? 0,
    ]),
  );

test('where nothing ran and nothing waits: no finding of any kind, and an age that fires every alert', async () => {
  expect(await ours()).toEqual({
    ...findings({}),
    help_on_demand_audit_last_run_age_seconds: Number.POSITIVE_INFINITY,
    help_on_demand_outbox_waiting: 0,
    help_on_demand_outbox_oldest_age_seconds: 0,
    help_on_demand_outbox_bulk_oldest_age_seconds: 0,
    help_on_demand_deliveries_pending: 0,
    help_on_demand_deliveries_pending_oldest_age_seconds: 0,
    ...Object.fromEntries(
      retentionKinds.flatMap((kind) => [
        [`help_on_demand_past_deletion_rows{kind="${kind}"}`, 0],
        [`help_on_demand_past_deletion_oldest_age_seconds{kind="${kind}"}`, 0],
      ]),
    ),
    help_on_demand_activities_failing: 0,
    help_on_demand_problem_reports_open: 0,
    help_on_demand_unclear_replies_open: 0,
  });
});

test('what waits for ops is counted until somebody has decided', async () => {
  const harness = await openActivityHarness();
  const metrics = createWorkerMetrics(harness.db, defaultPolicy);
  try {
    const { npn } = await seedAgent(harness.db);
    const { referralId, offerId } = await seedOffer(harness);
    const at = new Date();
    const report = { id: randomUUID(), referralId, offerId, npn, kind: 'other', reportedAt: at };
    await harness.db.insertInto('problemReports').values(report).execute();
    await stopTexts(harness.db, { ...keyed('+12025550100'), by: 'unclear-reply', at });
    await stopTexts(harness.db, { ...keyed('+12025550101'), by: 'reply', at });
    const open = async () =>
      [...(await metrics.text()).matchAll(/^help_on_demand_(?:problem|unclear)\w+_open (\d)$/gm)].map(
        ([, count]) => count,
      );
    expect(await open()).toEqual(['1', '1']);
    const { id: accountId } = await harness.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
    const act = { accountId, reason: 'looked at', at };
    await markProblemHandled(harness.db, { id: report.id, ...act });
    const [reply] = await unclearReplies(harness.db, 10);
    await decideOnReply(harness.db, { id: reply?.id ?? '', texts: 'off', ...act });
    expect(await open()).toEqual(['0', '0']);
  } finally {
    await harness.close();
  }
});

test('messages that no provider has accepted are counted, with the age of the oldest', async () => {
  const harness = await openActivityHarness();
  try {
    const { npn, planYear } = await seedAgent(harness.db, { stage: 'awaiting-eligibility' });
    const at = new Date(Date.now() - 90_000);
    await harness.activities.inviteAgent({ npn, planYear, at: at.toISOString() });
    const text = await createWorkerMetrics(harness.db, defaultPolicy).text();
    expect(text).toMatch(/^help_on_demand_deliveries_pending 1$/m);
    expect(text).toMatch(/^help_on_demand_deliveries_pending_oldest_age_seconds (9|1\d)\d\b/m);
  } finally {
    await harness.close();
  }
});

test('what is open is counted by its name, and what is over is not; ages are seconds', async () => {
  const at = new Date(Date.now() - 90_000);
  const runId = randomUUID();
  const about = (kind: 'workflow-missing' | 'workflow-stuck') =>
    ({ kind, subjectKind: 'referral', subjectId: randomUUID() }) as const;
  await beginAuditRun(db, { runId, at });
  await db.transaction().execute(async (tx) => {
    const before = new Date(at.getTime() - 60_000);
    await recordFindings(tx, [about('workflow-stuck')], { at: before, repairedAfter: () => at });
    const seen = [about('workflow-missing'), about('workflow-missing')];
    await recordFindings(tx, seen, { at, repairedAfter: () => at });
    await endAuditRun(tx, { runId, startedAt: at, at, counts: noCounts });
  });
  // a run that has not ended yet does not count
  await beginAuditRun(db, { runId: randomUUID(), at: new Date() });
  await enqueue(
    db,
    { type: 'wake-referral', payload: { referralId: randomUUID() } },
    { type: 'wake-referral', payload: { referralId: randomUUID() } },
  );
  await enqueueBulk(db, { type: 'wake-onboarding', payload: { npn: '1', planYear: 2027 } });
  for (const [id, seconds] of [
    [1, 300],
    [3, 900],
  ] as const) {
    const createdAt = new Date(Date.now() - seconds * 1_000);
    await db.updateTable('outbox').set({ createdAt }).where('id', '=', id).execute();
  }

  const found = await ours();
  expect(found).toMatchObject({ ...findings({ 'workflow-missing': 2 }), help_on_demand_outbox_waiting: 3 });
  const ages = [
    found['help_on_demand_audit_last_run_age_seconds'],
    found['help_on_demand_outbox_oldest_age_seconds'],
    found['help_on_demand_outbox_bulk_oldest_age_seconds'],
  ];
  expect(ages.map((age) => Math.floor((age ?? 0) / 30))).toEqual([3, 10, 30]);
});

test('what should have been deleted is reported by kind, with how long it is overdue, and counted every five minutes', async () => {
  const accountId = randomUUID();
  const at = new Date(Date.now() - 3_600_000);
  await db
    .insertInto('accounts')
    .values({ id: accountId, username: 'past', passwordHash: '-', role: 'ops', createdAt: at })
    .execute();
  await db
    .insertInto('sessions')
    .values({ tokenSha256: 'past', accountId, createdAt: at, expiresAt: at })
    .execute();
  const metrics = createWorkerMetrics(db, defaultPolicy);
  const reported = async (name: string) => {
    const text = await metrics.text();
    return Number(
      new RegExp(`^help_on_demand_past_deletion_${name}{kind="sessions"} (.+)$`, 'm').exec(text)?.[1],
    );
  };
  expect(await reported('rows')).toBe(1);
  expect(Math.floor((await reported('oldest_age_seconds')) / 60)).toBe(60);
  await db.deleteFrom('sessions').execute();
  expect(await reported('rows')).toBe(1);
  const inFiveMinutes = Date.now() + 5 * 60_000;
  jest.spyOn(Date, 'now').mockReturnValue(inFiveMinutes);
  expect(await reported('rows')).toBe(0);
  jest.restoreAllMocks();
});

test('process metrics and health are served on the same port', async () => {
  expect((await scrape(server.port))['process_resident_memory_bytes']).toBeGreaterThan(0);
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
  expect([await ask('/health/live'), await ask('/health/ready'), await ask('/else')]).toEqual([
    200, 200, 404,
  ]);
  // endpoints without access control listen on this machine only
  await expect(fetch(`http://127.0.0.2:${server.port}/metrics`)).rejects.toThrow('fetch failed');
  isReady = false;
  expect([await ask('/health/live'), await ask('/health/ready')]).toEqual([200, 503]);
});
