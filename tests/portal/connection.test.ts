import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createConnection } from '../../portal/src/live/connection.ts';

type Sign = 'answers' | 'fails' | 'hangs' | 502;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A tab whose service behaves as `service.sign` says, also to the requests of the page. */
function openTab() {
  const service = { sign: 'answers' as Sign, asked: 0 };
  const browser = { isOnline: true };
  const network = Object.assign(new EventTarget(), { isOnline: () => browser.isOnline });
  const answer = (limitMs?: number) =>
    new Promise<Response>((resolve, reject) => {
      if (service.sign === 'answers') resolve(new Response('{}'));
      else if (service.sign === 'fails') reject(new TypeError('no network'));
      else if (service.sign !== 'hangs') resolve(new Response('', { status: service.sign }));
      else if (limitMs !== undefined) setTimeout(() => reject(new Error('late')), limitMs);
    });
  const askForSign = () => ((service.asked += 1), answer(4_000));
  const connection = createConnection({ askForSign, clock: Date.now, network });
  const request = connection.watched(() => answer());
  return { service, browser, network, connection, request: () => request('/v1/x').catch(() => undefined) };
}
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('a service that fails a request and gives no sign either is lost, since its last answer', async () => {
  const { service, connection, request } = openTab();
  await request();
  const answeredAt = connection.heardAt();
  await pass(60_000);
  service.sign = 'fails';
  await request();
  await pass(0);
  expect([connection.state(), connection.heardAt()]).toEqual(['lost', answeredAt]);
});

test.each(['fails', 502] as const)('one request that %s alone is no loss', async (sign) => {
  const { service, connection, request } = openTab();
  service.sign = sign;
  const failed = request();
  service.sign = 'answers';
  await failed;
  await pass(0);
  expect([connection.state(), service.asked]).toEqual(['good', 1]);
});

test('a request that hangs is slow after 5 seconds, and the service that hangs is lost before 10', async () => {
  const { service, connection, request } = openTab();
  service.sign = 'hangs';
  void request();
  await pass(4_999);
  expect(connection.state()).toBe('good');
  await pass(1);
  expect(connection.state()).toBe('slow');
  await pass(4_000);
  expect(connection.state()).toBe('lost');
});

test('a lost service is asked again by the page itself, ever less often, until it answers', async () => {
  const { service, connection } = openTab();
  const states: string[] = [];
  connection.subscribe(() => states.push(connection.state()));
  service.sign = 'fails';
  connection.check();
  await pass(10 * 60_000);
  // every 20 to 30 seconds after the first ones
  expect(service.asked).toBeGreaterThan(18);
  expect(service.asked).toBeLessThan(40);
  expect(new Set(states)).toEqual(new Set(['lost']));
  service.sign = 'answers';
  await pass(30_000);
  expect(connection.state()).toBe('good');
  const { asked } = service;
  await pass(10 * 60_000);
  expect(service.asked).toBe(asked);
});

test('offline is said at once; a browser that says so wrongly is not believed', async () => {
  const { service, browser, network, connection } = openTab();
  service.sign = 'fails';
  browser.isOnline = false;
  network.dispatchEvent(new Event('offline'));
  expect(connection.state()).toBe('offline');
  await pass(60_000);
  expect(connection.state()).toBe('offline');
  service.sign = 'answers';
  network.dispatchEvent(new Event('offline'));
  await pass(0);
  expect(connection.state()).toBe('good');
});

test('a browser that is online again asks at once', async () => {
  const { service, browser, network, connection } = openTab();
  service.sign = 'fails';
  browser.isOnline = false;
  network.dispatchEvent(new Event('offline'));
  await pass(1_000);
  service.sign = 'answers';
  browser.isOnline = true;
  network.dispatchEvent(new Event('online'));
  await pass(0);
  expect(connection.state()).toBe('good');
});

test('what a stream brings while a sign is awaited counts', async () => {
  const { service, connection } = openTab();
  service.sign = 'hangs';
  connection.check();
  await pass(1_000);
  connection.heard();
  await pass(10_000);
  expect(connection.state()).toBe('good');
});
