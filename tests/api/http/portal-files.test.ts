import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { classifyPath, pagePaths } from '../../../api/http/page-paths.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { growthOf } from '../../harness/growth.ts';

let api: ApiHarness;
let portalFolder: string;
beforeAll(async () => {
  portalFolder = mkdtempSync(join(tmpdir(), 'portal-'));
  mkdirSync(join(portalFolder, 'assets'));
  const page = '<!doctype html><meta name="build" content="0a1b2c"><title>Help On Demand</title>';
  writeFileSync(join(portalFolder, 'index.html'), page);
  writeFileSync(join(portalFolder, 'start.html'), '<!doctype html><title>Start</title>');
  writeFileSync(join(portalFolder, 'help.html'), '<!doctype html><title>Ask for help</title>');
  writeFileSync(join(portalFolder, 'assets', 'main-1a2b.js'), 'export {};');
  for (const [extension, compress] of [
    ['.br', brotliCompressSync],
    ['.gz', gzipSync],
  ] as const)
    writeFileSync(join(portalFolder, 'assets', `main-1a2b.js${extension}`), compress('export {};'));
  api = await openApiHarness({ portalFolder });
});
afterAll(async () => {
  await api.close();
  rmSync(portalFolder, { recursive: true });
});

test('nearly every path of the portal serves one page, which browsers revalidate each time', async () => {
  for (const path of ['/login', '/register', '/status/0199f2b4']) {
    const answer = await api.call(`GET ${path}`, { headers: { Accept: 'text/html' } });
    expect(answer.text).toContain('<title>Help On Demand</title>');
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
  }
});

test.each([
  ['/', 'Start'],
  ['/help', 'Ask for help'],
  ['/help/', 'Ask for help'],
  ['/HELP', 'Ask for help'],
])('%s, which people open first, has a document of its own', async (path, title) => {
  const answer = await api.call(`GET ${path}`, { headers: { Accept: 'text/html' } });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(`<title>${title}</title>`)]);
});

test('every answer names the build of the pages, so that an older page learns that it is one', async () => {
  for (const path of ['/', '/v1/session', '/v1/nothing', '/assets/main-1a2b.js'])
    expect((await api.call(`GET ${path}`)).headers.get('Portal-Build')).toBe('0a1b2c');
});

test('files with a hash in their names are cached for a year; a missing one is not answered with a page', async () => {
  const file = await api.call('GET /assets/main-1a2b.js');
  expect(file.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect((await api.call('GET /assets/gone.js', { headers: { Accept: '*/*' } })).status).toBe(404);
});

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, br;q=0', 'gzip'],
  ['gzip', 'gzip'],
  ['identity', null],
])(
  'to a browser that accepts %s an asset is sent as the build has compressed it: %s',
  async (accepted, coding) => {
    for (const method of ['GET', 'HEAD']) {
      const file = await api.call(`${method} /assets/main-1a2b.js`, {
        headers: { 'Accept-Encoding': accepted },
      });
      const names = ['Content-Encoding', 'Content-Type', 'Cache-Control', 'Vary'];
      expect([file.status, ...names.map((name) => file.headers.get(name))]).toEqual([
        200,
        coding,
        'text/javascript; charset=utf-8',
        'public, max-age=31536000, immutable',
        'Accept-Encoding',
      ]);
      expect(file.text).toBe(method === 'GET' ? 'export {};' : '');
    }
  },
);

test('pages and files do not count against a network’s rate limit', async () => {
  const strict = await openApiHarness({
    portalFolder,
    rateLimits: { requests: { points: 2, windowMs: 60_000 } },
  });
  try {
    const statuses = async (...paths: string[]) => {
      const answers = [];
      for (const path of paths)
        answers.push((await strict.call(`GET ${path}`, { headers: { Accept: 'text/html,*/*' } })).status);
      return answers;
    };
    const pages = ['/', '/register', '/assets/main-1a2b.js', '/nothing-here'];
    expect(await statuses(...pages)).toEqual([200, 200, 200, 404]);
    // in every spelling that a route accepts
    expect(await statuses('/v1/session', '/V1/session', '/V1/session', '/openapi.json')).toEqual([
      204, 204, 429, 429,
    ]);
    expect(await statuses(...pages)).toEqual([200, 200, 200, 404]);
  } finally {
    await strict.close();
  }
});

test('an unknown API route is answered with a problem, never a page', async () => {
  const answer = await api.call('GET /v1/nothing', { headers: { Accept: 'text/html' } });
  expect([answer.status, problemNameOf(answer)]).toEqual([404, 'not-found']);
});

test('the service’s list of pages is that of the portal’s router', () => {
  const router = readFileSync(
    fileURLToPath(new URL('../../../portal/src/portal.tsx', import.meta.url)),
    'utf8',
  );
  const paths = [...router.matchAll(/path: '(\/[^'*]*)'/g)].map(([, path]) => path);
  expect(new Set(paths)).toEqual(new Set(pagePaths));
});

/** Accept headers of a browser's address bar and of a script tag. */
const accepts = ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*'];

describe('a missing path is 404', () => {
  test.each([
    '/nothing.js',
    '/favicon.ico',
    '/robots.txt',
    '/sw.js',
    '/manifest.webmanifest',
    '/apple-touch-icon-120x120.png',
    '/assets/old-chunk-1a2b.js',
    '/assets/main-1a2b.js.map',
    '/.well-known/none',
    '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200',
    '/.env',
    '/.git/config',
    '/x.php',
    '/wp-login.php',
    '/start.html',
    '/help.html',
    '/status/x.php',
    '/nothing%2Ejs',
  ])('%s, and no page', async (path) => {
    for (const Accept of accepts)
      for (const method of ['GET', 'HEAD']) {
        const answer = await api.call(`${method} ${path}`, { headers: { Accept } });
        expect([
          answer.status,
          answer.headers.get('Content-Type'),
          answer.headers.get('Cache-Control'),
        ]).toEqual([404, 'application/problem+json; charset=utf-8', 'no-store']);
      }
  });

  test.each(['/nothing-here', '/ops/none', '/index.html', '/help%zz', '/register-now'])(
    '%s, with the page for missing pages',
    async (path) => {
      for (const method of ['GET', 'HEAD']) {
        const answer = await api.call(`${method} ${path}`, { headers: { Accept: 'text/html' } });
        expect([
          answer.status,
          answer.headers.get('Content-Type'),
          answer.headers.get('Cache-Control'),
        ]).toEqual([404, 'text/html; charset=utf-8', 'no-cache']);
        expect(answer.text.includes('<title>Help On Demand</title>')).toBe(method === 'GET');
      }
    },
  );
});

describe('a link whose token a mail filter has put into the path', () => {
  const token = 'S3cretOfALink_that-no-log-may-have-0123456789'.slice(0, 43);
  const id = '0199f2b4-0000-4000-8000-000000000001';
  test.each([
    `/register%23${token}`,
    `/register%2523${token}`,
    `/register%23${token}.`,
    `/register%23${token}.js`,
    `/register/%23${token}`,
    `/register%23${token}%`,
    `/register%23${token}%20`,
    `/register/${token}`,
    `/reset-password%23${token}`,
    `/status/${id}%23${token}`,
    `/status/${id}%2523${token}?utm_source=mail`,
    `/offer/${id}%23${token}%22%3E`,

    `/register%EF%BC%83${token}`,
    `/register;jsessionid=ABC%23${token}`,
    `/register%3F${token}`,
    `/register.${token}`,
  ])(
    '%s is answered with the page, cached nowhere, and the token is in no log and no header',
    async (path) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const answer = await api.call(`${method} ${path}`, { headers: { Accept: 'text/html' } });
        expect(answer.status).toBe(method === 'POST' ? 404 : 200);
        expect(answer.text.includes('<title>Help On Demand</title>')).toBe(method === 'GET');
        expect(answer.headers.get('Cache-Control')).toBe('no-store');
        expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
        expect(`${[...answer.headers].join(' ')} ${answer.text}`).not.toContain(token);
      }
      expect(api.logged()).toContain('"route":"none"');
      expect(api.logged()).not.toContain(token);
    },
  );

  test.each(['/offer/', '/status/', '/register/', '/hours'])(
    'the time to look at %s and what is nearly a token, again and again, grows as its length does',
    (page) => {
      const nearlyTokens = (length: number) => page + `${'a'.repeat(42)}.`.repeat(length / 43);
      expect(classifyPath(nearlyTokens(430))).not.toBe('link');
      expect(growthOf(classifyPath, nearlyTokens)).toBeLessThan(10);
    },
  );

  test('the token is in no log of an API route or of a malformed request either', async () => {
    for (const path of [
      `/v1/register%23${token}`,
      `/v1/referrals/${id}%23${token}`,
      `/v1/%E0%A4%A${token}`,
    ]) {
      const answer = await api.call(`GET ${path}`);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain(token);
    }
    // no browser sends the fragment, but some robots do
    const { hostname, port } = new URL(api.url);
    await new Promise<void>((resolve) => {
      get({ hostname, port, path: `/register#${token}` }, (answer) => answer.resume().on('end', resolve));
    });
    expect(api.logged()).not.toContain(token);
  });
});
