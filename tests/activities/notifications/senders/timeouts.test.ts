import { expect, test } from '@jest/globals';
import { parseRetryAfter } from '../../../../activities/notifications/senders/send-outage.ts';
import { createTextSender } from '../../../../activities/notifications/senders/text.ts';
import { outageOf } from './outage.ts';

test('a connection that is not established is given up before the request’s own timeout', async () => {
  // a documentation address (RFC 5737): it never answers, or the network rejects it at once
  const sender = createTextSender({
    accountSid: 'AC00000000000000000000000000000001',
    authToken: 'any',
    from: '+12025550100',
    baseUrl: 'http://192.0.2.1:9',
    timeouts: { connectMs: 200, requestMs: 30_000 },
  });
  const startedAt = performance.now();
  const outage = await outageOf(sender.send({ attemptId: 'attempt-1', to: '+12025550111', text: 'hello' }));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(['timeout', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED']).toContain(outage.code);
});

test('Retry-After is read in both of its forms', () => {
  const now = new Date('2026-11-02T10:00:00Z');
  expect(parseRetryAfter('120', now)).toBe(120_000);
  expect(parseRetryAfter('Mon, 02 Nov 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(parseRetryAfter('Mon, 02 Nov 2026 09:00:00 GMT', now)).toBeUndefined();
  expect(parseRetryAfter('soon', now)).toBeUndefined();
  expect(parseRetryAfter(undefined, now)).toBeUndefined();
});
