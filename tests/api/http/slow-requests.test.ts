import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { csv, licenseCsvRow, terminationCsvRow } from '../../store/feeds/files.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({ requestTimeoutMs: 1_000 });
});
afterAll(() => api.close());

/** A request whose body does not come to its end. */
function begin(method: string, path: string, headers: Record<string, string>, start: string) {
  const begun = request(`${api.url}${path}`, { method, headers });
  // an end that the doors made
  begun.on('error', () => undefined);
  const closed = once(begun, 'socket').then(([socket]) => once(socket, 'close'));
  begun.write(start);
  return { begun, closed };
}

async function answerTo(begun: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(begun, 'response');
  return response as IncomingMessage;
}

/** The header alone, so far. */
const upload = (kind: FeedKind, bearer: string) => {
  const headers = { 'Content-Type': 'text/csv', Authorization: `Bearer ${bearer}` };
  return begin('PUT', `/v1/feeds/${kind}`, headers, csv(kind));
};
const logIn = () => begin('POST', '/v1/session', { 'Content-Type': 'application/json' }, '{"username":');

test('a feed takes as long as its rows keep coming, while other requests that do not end are cut off', async () => {
  const { begun } = upload('terminations', api.feedsKey);
  const answered = answerTo(begun);
  let sent = 0;
  const sending = setInterval(() => {
    sent += 1;
    begun.write(`${terminationCsvRow({ npn: String(sent) })}\n`);
  }, 20);
  for (let time = 0; time < 3; time += 1) await logIn().closed;
  clearInterval(sending);
  begun.end();
  const answer = await answered;
  expect([answer.statusCode, await json(answer)]).toMatchObject([200, { added: sent }]);
});

test('a feed waits for the one before it as long as that takes', async () => {
  const other = await api.deps.feedsPool.connect();
  await other.query(`begin; select pg_advisory_xact_lock(hashtext('feed licenses'))`);
  const { begun } = upload('licenses', api.feedsKey);
  const answered = answerTo(begun);
  begun.write(`${licenseCsvRow()}\n`);
  for (let time = 0; time < 2; time += 1) await logIn().closed;
  await other.query('commit');
  other.release();
  begun.end();
  const answer = await answered;
  expect([answer.statusCode, await json(answer)]).toMatchObject([200, { added: 1 }]);
});

test('a feed whose sender falls silent is cut off, so that the next one gets its turn', async () => {
  await upload('registration-completions', api.feedsKey).closed;
  await eventually(async () => {
    const { endedAs } = await api.db
      .selectFrom('feedImports')
      .select('endedAs')
      .orderBy('startedAt', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(endedAs).toBe('interrupted');
  });
});

test('a feed that was not let in is cut off like any other', async () => {
  const { begun, closed } = upload('terminations', 'another-key');
  const answer = await answerTo(begun);
  answer.resume();
  expect(answer.statusCode).toBe(403);
  await closed;
});
