import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createConnection } from '../../portal/src/live/connection.ts';
import { followStream, refusedRetryMs } from '../../portal/src/live/follow-stream.ts';
import { eventually } from '../harness/eventually.ts';

type Answer = (response: ServerResponse) => void;

const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});

/** Follows a service that gives these answers in order, then repeats the last one. */
async function follow(...answers: Answer[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    answers[Math.min(requests.push(request), answers.length) - 1]?.(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  let [stages, refusals] = [0, 0];
  const connections: boolean[] = [];
  const refusedWith: (number | undefined)[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = Object.assign(new EventTarget(), { isOnline: () => true });
  const askForSign = async () => new Response(null, { status: 204 });
  const connection = createConnection({ askForSign, clock: Date.now, network });
  const stop = followStream({
    url: `${url}/v1/referrals/1/events`,
    headers: { Authorization: 'Bearer secret' },
    fetch,
    on: { stage: () => (stages += 1) },
    onRefused: () => (refusals += 1),
    onConnection: (connected) => {
      if (connections.at(-1) !== connected) connections.push(connected);
    },
    retryMs: (status) => refusedWith.push(status),
    connection,
    beatMs: 30,
  });
  open.push(() => {
    stop();
    server.closeAllConnections();
    server.close();
  });
  return { requests, connections, refusedWith, stages: () => stages, refusals: () => refusals };
}

const stage = (id: number) => `event: stage\nid: ${id}\ndata: {"stage":"offering"}\n\n`;
const streaming =
  (text: string, { ends = false, isSilent = false } = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    if (isSilent) response.flushHeaders();
    else response.write(`retry: 10\n\n${text}`);
    if (ends) response.end();
  };
const refusing =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end();

test('every stage is reported, and the token is only in a header', async () => {
  const { requests, connections, stages } = await follow(streaming(`${stage(4)}:\n\n${stage(5)}`));
  await eventually(() => expect(stages()).toBe(2));
  expect(requests[0]?.headers.authorization).toBe('Bearer secret');
  expect(requests[0]?.url).not.toContain('secret');
  expect(connections).toEqual([true]);
});

test('a broken stream is resumed after the last event', async () => {
  const { requests, connections, stages } = await follow(
    streaming(stage(4), { ends: true }),
    streaming(stage(5)),
  );
  await eventually(() => expect(stages()).toBe(2));
  expect(requests[1]?.headers).toMatchObject({ 'last-event-id': '4', authorization: 'Bearer secret' });
  expect(connections).toEqual([true, false, true]);
});

test('a stream that is silent for two heartbeats begins anew, although its connection looks open', async () => {
  const { requests, connections, stages } = await follow(streaming(stage(4)), streaming(stage(5)));
  await eventually(() => expect(stages()).toBe(2));
  expect(requests).toHaveLength(2);
  expect(connections).toEqual([true, false, true]);
});

test('a stream of which nothing arrives is never called connected, however often it is begun', async () => {
  const silent = streaming('', { isSilent: true });
  const { requests, connections } = await follow(silent);
  await eventually(() => expect(requests.length).toBeGreaterThan(2));
  expect(connections).toEqual([false]);
});

test('a request for a stream that nobody answers is given up likewise', async () => {
  const { connections, stages } = await follow(() => undefined, streaming(stage(5)));
  await eventually(() => expect(stages()).toBe(1));
  expect(connections).toEqual([false, true]);
});

test('a stream whose only parts are heartbeats goes on', async () => {
  let beats = 0;
  const { requests } = await follow((response) => {
    streaming(stage(4))(response);
    const beat = setInterval(() => void (response.write(':\n\n'), (beats += 1)), 20);
    response.on('close', () => clearInterval(beat));
  });
  // longer than the silence after which it would begin anew
  await eventually(() => expect(beats).toBeGreaterThan(70));
  expect(requests).toHaveLength(1);
});

test('a service that is down for a while is tried again', async () => {
  const { requests, refusedWith, stages } = await follow(refusing(503), refusing(502), streaming(stage(1)));
  await eventually(() => expect(stages()).toBe(1));
  expect(requests).toHaveLength(3);
  expect(refusedWith).toEqual([503, 502]);
});

test.each([
  [429, 60_000],
  [503, 60_000],
  [502, 5_000],
])(
  'a stream refused with %s is requested again after %s ms or half as long again, not all at once',
  (status, least) => {
    const delays = Array.from({ length: 50 }, () => refusedRetryMs(status));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...delays)).toBeLessThanOrEqual(least * 1.5);
    expect(new Set(delays).size).toBeGreaterThan(1);
  },
);

test('a wrong token is not tried again', async () => {
  const { requests, connections, refusals } = await follow(refusing(404));
  await eventually(() => expect(connections).toEqual([false]));
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  expect(requests).toHaveLength(1);
  expect(refusals()).toBe(1);
});
