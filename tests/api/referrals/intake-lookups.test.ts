import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { validHelpRequest } from '../../harness/people/people.ts';
import { recordStatements } from '../../harness/statements.ts';

let api: ApiHarness;
let textVersion: unknown;
beforeAll(async () => {
  api = await openApiHarness();
  textVersion = (await api.call('GET /v1/consents/texts?language=en')).json['version'];
});
afterAll(() => api.close());

/** Sends a request for help. @returns the statements that read a table, each with its values */
async function readsOf(body: object, headers: Record<string, string>, status: number): Promise<string[]> {
  const statements = await recordStatements(async () => {
    expect((await api.call('POST /v1/referrals', { body, headers })).status).toBe(status);
  });
  const reads = statements.filter((statement) => /^select.* from /s.test(statement));
  expect(reads.length).toBeGreaterThan(0);
  return reads;
}

const tableOf = (read: string) => /from "?(\w+)/.exec(read)?.[1] ?? '';
const countByTable = (reads: readonly string[]) =>
  Object.fromEntries(
    [...new Set(reads.map(tableOf))].map((table) => [
      table,
      reads.filter((read) => tableOf(read) === table).length,
    ]),
  );

test('a request for help looks up each fact once; only its key is read again, under the lock that decides', async () => {
  const body = { ...(await validHelpRequest(api)), textConsent: { version: textVersion } };
  const reads = await readsOf(body, { 'Idempotency-Key': randomUUID() }, 201);
  const keyReads = reads.filter((read) => read.includes('idempotency_keys &&'));
  expect(keyReads).toHaveLength(2);
  const others = reads.filter((read) => !keyReads.includes(read));
  expect(others.filter((read, at) => others.indexOf(read) !== at)).toEqual([]);
  const byTable = countByTable(others);
  expect(byTable).toMatchObject({ marketplaces: 1, zips: 1, zip_states: 1, intake_pauses: 1 });
  // one consent to pass the contact on, one to texts
  expect(byTable).toMatchObject({ consent_documents: 2 });
});

test('a request for help is counted against its limits in one statement and written in three: itself, the notice with its link, and the start of its workflow', async () => {
  const body = { ...(await validHelpRequest(api)), textConsent: { version: textVersion } };
  const headers = { 'Idempotency-Key': randomUUID() };
  const statements = await recordStatements(() => api.call('POST /v1/referrals', { body, headers }));
  const writes = statements.filter((statement) => /insert into/i.test(statement));
  expect(
    writes.map((write) => [...write.matchAll(/insert into "?(\w+)/g)].map(([, table]) => table)),
  ).toEqual([
    ['rate_limits', 'rate_limits', 'rate_limits'],
    ['referrals', 'referral_keys', 'consumer_contacts', 'contact_keys', 'consents', 'events'],
    ['notices', 'deliveries'],
    ['outbox'],
  ]);
});

test('a repeat reads the first request by its key, and nothing else', async () => {
  const body = await validHelpRequest(api);
  const headers = { 'Idempotency-Key': randomUUID() };
  await api.call('POST /v1/referrals', { body, headers });
  expect(await readsOf(body, headers, 201)).toEqual([expect.stringContaining('idempotency_keys &&')]);
  expect(await readsOf({ ...body, zip: '84102' }, headers, 422)).toHaveLength(1);
});

test('a refused request looks up no fact twice, whatever is wrong with it', async () => {
  const outdated = { version: '1999-1' };
  const body = {
    ...(await validHelpRequest(api)),
    zip: '94103',
    consent: outdated,
    textConsent: outdated,
    need: 'x',
  };
  const reads = await readsOf(body, { 'Idempotency-Key': randomUUID() }, 422);
  expect(new Set(reads).size).toBe(reads.length);
});
