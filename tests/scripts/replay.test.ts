import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readHistory } from '../workflows/scenarios/recorded-histories.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const recorded = join(root, 'tests', 'histories', 'referral-handed-back-withdrawn.json');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The CLI writes an instant as `2026-11-01T09:00:00Z` and a duration as `10s`. */
function asTheCliWritesIt(key: string, value: unknown): unknown {
  if (!/(Time|Timeout|Interval|Backoff)$/.test(key)) return value;
  const { seconds = '0', nanos = 0 } = value as { seconds?: string; nanos?: number };
  return key === 'eventTime' ? new Date(Number(seconds) * 1_000 + nanos / 1e6).toISOString() : `${seconds}s`;
}

async function replay(...files: string[]): Promise<{ code: number; out: string; err: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const flags = ['--import', 'tsx', join(root, 'scripts', 'replay.ts')];
  const child = spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

describe('npm run replay', () => {
  test('a recorded history replays, also in the form that the Temporal CLI writes', async () => {
    const exported = write(
      'exported.json',
      JSON.stringify(readHistory('referral-unmatched'), asTheCliWritesIt),
    );
    const { code, out, err } = await replay(recorded, exported);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trim().split('\n')).toEqual([
      expect.stringMatching(/^replays .*withdrawn\.json: workflow referral, \d+ events$/),
      expect.stringMatching(/^replays .*exported\.json: workflow referral, \d+ events$/),
    ]);
  });

  test('a history that the code does not follow differs, and where is said; the others are replayed nevertheless', async () => {
    const { events } = readHistory('referral-handed-back-withdrawn');
    const changed = JSON.stringify({ events }).replaceAll('"recordOutcome"', '"recordAnother"');
    const { code, out } = await replay(write('changed.json', changed), recorded);
    expect(code).toBe(1);
    expect(out).toMatch(
      /DIFFERS .*changed\.json: workflow referral, \d+ events\n.*'recordAnother'.*'recordOutcome'/,
    );
    expect(out).toMatch(/replays .*withdrawn\.json/);
  });

  test.each([
    ['missing', () => join(folder, 'missing.json'), 'there is no such file'],
    ['a folder', () => folder, 'it is a folder'],
    ['no JSON', () => write('text.json', 'Dear all'), 'it is not JSON'],
    ['no history', () => write('other.json', '{"events":[]}'), 'it holds no workflow history'],
    ['a broken history', () => write('broken.json', '[{"eventType":"X","eventTime":"x"}]'), 'cannot be read'],
  ])('a file that is %s is named with what is wrong', async (_, path, why) => {
    const { code, out, err } = await replay(path());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`UNREADABLE ${path()}: `);
    expect(err).toContain(why);
  });

  test('without a file its use is explained', async () => {
    expect(await replay()).toMatchObject({
      code: 2,
      err: expect.stringContaining('Usage: npm run replay -- FILE'),
    });
  });
});
