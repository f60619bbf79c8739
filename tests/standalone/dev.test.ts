import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../scripts/browser.ts';
import { whatChanges } from '../../standalone/dev/restarts.ts';
import { chooseFreePorts } from '../../standalone/part-settings.ts';
import { type RunFile, readStartedProcesses } from '../../standalone/run-file.ts';
import { isRunning, type KnownProcess } from '../../standalone/services/processes.ts';
import { endEverything } from '../../standalone/take-over.ts';
import { readBuildId } from '../../worker/deployment/version.ts';
import { visit } from '../browser/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { ctrlC, openTerminal, type Terminal } from '../harness/terminal.ts';

/*
 * `npm run dev` in a real terminal, on a copy of the project whose files the tests change. They go by turns on the one
 * that runs, and the last one ends it.
 */

const project = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
let dataDir = '';
let env: Record<string, string> = {};
let terminal: Terminal;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dev-'));
  dataDir = join(folder, 'data');
  env = { ...(await chooseFreePorts({})), DATA_DIR: dataDir };
  copyProject();
  browser = await openBrowser();
  terminal = openTerminal(`cd ${copyOf('.')} && npm run dev`, env);
  await terminal.untilShown('Worker and API restart when their files change.', 240_000);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await terminal?.close();
  await endEverything(dataDir, () => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const copyOf = (path: string) => join(folder, 'project', path);
const pidOf = (name: 'api' | 'worker') => readStartedProcesses(dataDir)[name]?.pid;

/** All that runs from it; packages are those of the project itself. */
function copyProject(): void {
  const left = /^(node_modules|\.git|\.data|dist|tests|docs|bench)$/;
  cpSync(project, copyOf('.'), {
    recursive: true,
    filter: (path) => !left.test(path.slice(project.length).split('/')[0] ?? ''),
  });
  symlinkSync(join(project, 'node_modules'), copyOf('node_modules'));
}

/** Logs in through the address of the portal. */
function logIn(): Promise<Response> {
  const { logins, publicUrl } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
  const { username, password } = logins[0] ?? {};
  return fetch(`${publicUrl}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: publicUrl },
    body: JSON.stringify({ username, password }),
  });
}

/** Does something that is to be followed by a line in the terminal, which was not there before. */
async function untilNewlyShown(text: string, change: () => void): Promise<void> {
  const times = terminal.shown().split(text).length;
  change();
  await terminal.untilShown(new RegExp(`(?:${text}[^]*){${times}}`), 90_000);
}

test('a changed page is in the browser at once, without loading it anew', async () => {
  const { page, close } = await visit(browser, `http://localhost:${env['PORT']}`);
  // a page that does not listen yet misses a change
  const listens = page.waitForEvent('console', { predicate: (line) => line.text() === '[vite] connected.' });
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await listens;
  const file = copyOf('portal/src/pages/start-page.tsx');
  const source = readFileSync(file, 'utf8');
  const changed = page.getByText('Changed by hand.');
  // saved again, as a person does: on a busy machine a change was lost now and then
  await eventually(async () => {
    await page.evaluate(() => void (document.body.dataset['kept'] = 'yes'));
    writeFileSync(file, source.replace('<p className="ds-text-body--lg">', '$&Changed by hand. '));
    await changed.waitFor({ timeout: 5_000 });
  });
  expect(await page.evaluate(() => document.body.dataset['kept'])).toBe('yes');
  await close();
}, 120_000);

test('a changed file of the API restarts the API alone', async () => {
  const before = { api: pidOf('api'), worker: pidOf('worker') };
  await untilNewlyShown('api restarted', () => appendFileSync(copyOf('api/app.ts'), '\n// changed\n'));
  expect(pidOf('api')).not.toBe(before.api);
  expect(pidOf('worker')).toBe(before.worker);
  expect((await logIn()).status).toBe(200);
}, 120_000);

test('a changed workflow is bundled, and the worker restarted with it', async () => {
  const bundle = copyOf('.data/workflow-bundle.js');
  const before = { worker: pidOf('worker'), version: readBuildId(bundle) };
  await untilNewlyShown('worker restarted', () =>
    appendFileSync(copyOf('workflows/index.ts'), '\nexport const changedByHand = true;\n'),
  );
  expect(pidOf('worker')).not.toBe(before.worker);
  expect(readBuildId(bundle)).not.toBe(before.version);
}, 120_000);

test('a file that cannot run is reported, and runs once it is repaired', async () => {
  const file = copyOf('api/main.ts');
  const source = readFileSync(file, 'utf8');
  await untilNewlyShown('api ended three times', () => writeFileSync(file, `${source}\nthis is no code`));
  await untilNewlyShown('api restarted', () => writeFileSync(file, source));
}, 240_000);

test('the data folder is nothing that a browser gets', async () => {
  const answer = await fetch(`http://localhost:${env['PORT']}/@fs${copyOf('.data/workflow-bundle.js')}`);
  expect(answer.status).toBe(403);
});

test('one press drains and ends everything, also in the middle of a restart', async () => {
  await untilNewlyShown('api/app.ts changed', () => appendFileSync(copyOf('api/app.ts'), '\n// again\n'));
  const all: KnownProcess[] = [...terminal.processes(), ...Object.values(readStartedProcesses(dataDir))];
  expect(all.filter(isRunning).length).toBeGreaterThanOrEqual(6);
  terminal.press(ctrlC);
  expect(await terminal.ended).toBe(0);
  expect(terminal.shown()).toContain('Everything has stopped.');
  expect([...all, ...Object.values(readStartedProcesses(dataDir))].filter(isRunning)).toEqual([]);
}, 120_000);

describe('what a changed file calls for', () => {
  const none = { migration: false, workflows: false, worker: false, api: false };
  test.each([
    ['api/app.ts', { api: true }],
    ['worker/main.ts', { worker: true }],
    ['activities/index.ts', { worker: true, api: true }],
    ['domain/policy.ts', { workflows: true, worker: true, api: true }],
    ['store/database/migrations/0001_facts.sql', { migration: true, worker: true, api: true }],
    ['portal/src/main.tsx', {}],
  ])('%s', (path, expected) => expect(whatChanges([path])).toEqual({ ...none, ...expected }));
});
