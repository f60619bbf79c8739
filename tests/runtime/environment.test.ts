import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { completeEnvironment } from '../../runtime/environment.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
  const env = { DATABASE_URL: 'postgres://embedded', TEMPORAL_ADDRESS: '127.0.0.1:7233', PORT: '3000' };
  mkdirSync(join(folder, '.data'));
  writeFileSync(join(folder, '.data', 'run.json'), JSON.stringify({ env }));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a process without settings finds the parts of a running npm start', () => {
  expect(completeEnvironment({ PORT: '4000' }, folder)).toEqual({
    DATABASE_URL: 'postgres://embedded',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    PORT: '4000',
  });
});

test('a database of one’s own is never mixed with the parts of npm start', () => {
  const env = { DATABASE_URL: 'postgres://production' };
  expect(completeEnvironment(env, folder)).toEqual({ DATABASE_URL: 'postgres://production' });
});

test('the environment wins over .env, and .env over the parts of npm start', () => {
  writeFileSync(join(folder, '.env'), 'PORT="5000"\nLOG_LEVEL="debug"\n');
  expect(completeEnvironment({ LOG_LEVEL: 'warn' }, folder)).toMatchObject({
    LOG_LEVEL: 'warn',
    PORT: '5000',
    DATABASE_URL: 'postgres://embedded',
  });
});

test('where nothing runs, nothing is added', () => {
  expect(completeEnvironment({ DATA_DIR: 'elsewhere' }, folder)).toEqual({ DATA_DIR: 'elsewhere' });
});
