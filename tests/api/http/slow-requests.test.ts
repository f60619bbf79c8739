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

/** Starts a request whose body does not end. */
function begin(method: string, path: string, headers: Record<string, string>, start: string) {
  const outgoing = request(`${api.url}${path}`, { method, headers });
  // the API may end the connection
  outgoing.on('error', () => undefined);
  const closed = once(outgoing, 'socket').then(([socket]) => once(socket, 'close'));
  outgoing.write(start);
  return { outgoing, closed };
}

async function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(outgoing, 'response');
  return response as IncomingMessage;
}

/** Starts an upload with the header row alone. */
const upload = (kind: FeedKind, bearer: string) => {
  const headers = { 'Content-Type': 'text/csv', Authorization: `Bearer ${bearer}` };
  return begin('PUT', `/v1/feeds/${kind}`, headers, csv(kind));
};
const logIn = () => begin('POST', '/v1/session', { 'Content-Type': 'application/json' }, '{"username":');

test('a feed upload may last as long as rows arrive, while other requests that do not end are closed', async () => {
  const { outgoing } = upload('terminations', api.feedsKey);
  const answered = answerTo(outgoing);
  let sent = 0;
  const sending = setInterval(() => {
    sent += 1;
    outgoing.write(`${terminationCsvRow({ npn: String(sent) })}\n`);
  }, 20);
  for (let time = 0; time < 3; time += 1) await logIn().closed;
  clearInterval(sending);
  outgoing.end();
  const answer = await answered;
  expect([answer.statusCode, await json(answer)]).toMatchObject([200, { added: sent }]);
});

test('a feed waits for the one before it, however long that takes', async () => {
  const other = await api.deps.feedsPool.connect();
  await other.query(`begin; select pg_advisory_xact_lock(hashtext('feed licenses'))`);
  const { outgoing } = upload('licenses', api.feedsKey);
  const answered = answerTo(outgoing);
  outgoing.write(`${licenseCsvRow()}\n`);
  for (let time = 0; time < 2; time += 1) await logIn().closed;
  await other.query('commit');
  other.release();
  outgoing.end();
  const answer = await answered;
  expect([answer.statusCode, await json(answer)]).toMatchObject([200, { added: 1 }]);
});

test('a feed whose sender stops sending is closed, so that the next one can start', async () => {
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

test('a feed upload without access is closed like any other request', async () => {
  const { outgoing, closed } = upload('terminations', 'another-key');
  const answer = await answerTo(outgoing);
  answer.resume();
  expect(answer.statusCode).toBe(403);
  await closed;
});
