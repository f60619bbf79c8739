import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createHttpUser } from '../../standalone/demo/http-user.ts';

const opened: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  for (const server of opened.splice(0))
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
});

/** Serves an API that gives these answers, one a request, and stays with the last of them. */
async function apiThatAnswers(...answers: { status: number; title: string }[]) {
  let asked = 0;
  const server = createServer((_, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(answer));
  });
  opened.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}`;
  return { user: createHttpUser({ apiUrl, mailboxUrl: apiUrl, timeoutMs: 500 }), timesAsked: () => asked };
}

const notYet = { status: 503, title: 'No answer yet; the request may still take effect. Repeat it' };

test('a request is repeated while the service says that there is no answer yet', async () => {
  const { user } = await apiThatAnswers(notYet, { status: 201, title: 'Done' });
  expect((await user.expect('POST', 'registrations', { body: {} })).status).toBe(201);
});

test('a service that never answers ends the repeats with its own words', async () => {
  const { user } = await apiThatAnswers(notYet);
  await expect(user.expect('POST', 'registrations', { body: {} })).rejects.toThrow(/503: No answer yet/);
});

test('a refusal is not repeated', async () => {
  const { user, timesAsked } = await apiThatAnswers({ status: 422, title: 'Some fields are not valid' });
  await expect(user.expect('POST', 'registrations', { body: {} })).rejects.toThrow(/422: Some fields/);
  expect(timesAsked()).toBe(1);
});
