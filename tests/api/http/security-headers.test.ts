import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let portalFolder: string;
beforeAll(async () => {
  portalFolder = mkdtempSync(join(tmpdir(), 'portal-'));
  mkdirSync(join(portalFolder, 'assets'));
  for (const page of ['index.html', 'start.html'])
    writeFileSync(join(portalFolder, page), '<!doctype html><title>Help On Demand</title>');
  writeFileSync(join(portalFolder, 'assets', 'main-1a2b.js'), 'export {};');
  api = await openApiHarness({ portalFolder, publicUrl: 'https://help.example.org' });
});
afterAll(async () => {
  await api.close();
  rmSync(portalFolder, { recursive: true });
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, api.url), { redirect: 'manual', headers: { Accept: 'text/html, */*' }, ...init });

/** One answer of each kind: a page, a file, the API, a refusal, an unknown path, the documentation, its document. */
const answers: readonly [path: string, type: string][] = [
  ['/', 'text/html; charset=utf-8'],
  ['/assets/main-1a2b.js', 'text/javascript; charset=utf-8'],
  ['/v1/consents/intake?language=en', 'application/json; charset=utf-8'],
  ['/v1/me/profile', 'application/problem+json; charset=utf-8'],
  ['/v1/none', 'application/problem+json; charset=utf-8'],
  ['/docs/', 'text/html; charset=utf-8'],
  ['/openapi.json', 'application/json; charset=utf-8'],
];

describe.each(answers)('the answer of %s', (path, type) => {
  test('has its type with its charset, and is not taken for anything else', async () => {
    const { headers } = await ask(path);
    expect([headers.get('Content-Type'), headers.get('X-Content-Type-Options')]).toEqual([type, 'nosniff']);
  });

  test('lets pages load from here alone, run no text as code, and be framed by nobody', async () => {
    const { headers } = await ask(path);
    const policy = headers.get('Content-Security-Policy')?.split(';') ?? [];
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
  });

  test('is https for a year, names no address it came from, and is open to no other origin', async () => {
    const { headers } = await ask(path, { headers: { Accept: '*/*', Origin: 'https://elsewhere.example' } });
    expect(headers.get('Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.get('X-Powered-By')).toBe(null);
  });
});

test('answers about somebody are stored by no cache, and refusals neither', async () => {
  const cookie = await logInAs(api, { role: 'ops' });
  const paths = ['/v1/session', '/v1/ops/onboardings', '/v1/me/profile', '/v1/none'];
  const found = await Promise.all(paths.map((path) => ask(path, { headers: { Cookie: cookie } })));
  expect(found.map(({ status, headers }) => [status, headers.get('Cache-Control')])).toEqual([
    [200, 'no-store'],
    [200, 'no-store'],
    [403, 'no-store'],
    [404, 'no-store'],
  ]);
});

test('a folder is not listed', async () => {
  for (const path of ['/assets/', '/v1/', '/docs/none/'])
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
});

/** Sends bytes as they are. @returns the status of the answer, and what remains of it */
async function sendRaw(text: string): Promise<{ status: string | undefined; rest: string }> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (part: string) => (received += part));
  socket.write(text);
  await once(socket, 'close');
  const [, status, rest = ''] = /^HTTP\/1\.1 (\d+)([^]*)/.exec(received) ?? [];
  return { status, rest };
}

test('TRACE is not allowed, and repeats nothing', async () => {
  const { status, rest } = await sendRaw(
    'TRACE /v1/session HTTP/1.1\r\nHost: help.example.org\r\nCookie: secret\r\nConnection: close\r\n\r\n',
  );
  expect(status).toBe('405');
  expect(rest).not.toContain('secret');
});

test.each([
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 4\r\n'],
  ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
  ['chunks that are written in another way', 'Transfer-Encoding: xchunked\r\n'],
])('a request with %s is refused: a proxy before us could see another one in it', async (_what, headers) => {
  const { status } = await sendRaw(
    `POST /v1/session HTTP/1.1\r\nHost: help.example.org\r\nContent-Type: application/json\r\n${headers}\r\n{}\r\n`,
  );
  expect(status).toBe('400');
});
