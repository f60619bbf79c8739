import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Doors, openDoors, problemOf } from './doors.ts';

let doors: Doors;
let portalFolder: string;
beforeAll(async () => {
  portalFolder = mkdtempSync(join(tmpdir(), 'portal-'));
  mkdirSync(join(portalFolder, 'assets'));
  writeFileSync(join(portalFolder, 'index.html'), '<!doctype html><title>Help On Demand</title>');
  writeFileSync(join(portalFolder, 'assets', 'main-1a2b.js'), 'export {};');
  doors = await openDoors({ portalFolder });
});
afterAll(async () => {
  await doors.close();
  rmSync(portalFolder, { recursive: true });
});

test('every page of the portal is its one page, asked for anew each time', async () => {
  for (const path of ['/', '/register', '/status/0199f2b4']) {
    const answer = await doors.call(`GET ${path}`, { headers: { Accept: 'text/html' } });
    expect(answer.text).toContain('<title>Help On Demand</title>');
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
  }
});

test('files whose names hold a hash are kept for a year; a missing one is no page', async () => {
  const file = await doors.call('GET /assets/main-1a2b.js');
  expect(file.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect((await doors.call('GET /assets/gone.js', { headers: { Accept: '*/*' } })).status).toBe(404);
});

test('an unknown door is a problem and never a page', async () => {
  const answer = await doors.call('GET /v1/nothing', { headers: { Accept: 'text/html' } });
  expect([answer.status, problemOf(answer)]).toEqual([404, 'not-found']);
});
