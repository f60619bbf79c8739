import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createNiprLookup } from '../../../activities/feeds/registries/nipr.ts';
import { RegistryOutage } from '../../../activities/feeds/registries/registry-outage.ts';
import { freePort } from '../../../standalone/services/ports.ts';
import { runMailbox } from '../../standalone/fakes/running-mailbox.ts';
import { csv, licenseCsvRow } from '../../store/feeds/files.ts';

let mailbox: Awaited<ReturnType<typeof runMailbox>>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nipr-'));
  const licensesFile = join(folder, 'licenses.csv');
  const firstLine = { npn: '0017', state: 'TX', line: 'Accident & Health or Sickness' };
  const rows = [licenseCsvRow(firstLine), licenseCsvRow({ npn: '18', state: 'FL' })];
  writeFileSync(licensesFile, csv('licenses', ...rows));
  mailbox = await runMailbox({ licensesFile });
});
afterAll(async () => {
  await mailbox.close();
  rmSync(folder, { recursive: true });
});

const lookupAt = (url: string, timeoutMs = 10_000) =>
  createNiprLookup({ url: `${url}/pdb-xml-reports/`, username: 'hod', password: 'open:sesame', timeoutMs });
const lookUp = (npn: string, timeoutMs?: number) => lookupAt(mailbox.address, timeoutMs)(npn);

async function codeOf(lookup: Promise<unknown>): Promise<string> {
  const thrown = await lookup.catch((error: unknown) => error);
  if (thrown instanceof RegistryOutage) return thrown.code;
  throw new Error('expected an outage', { cause: thrown });
}

test('the licenses of one NPN come in the shape of the feed', async () => {
  expect(await lookUp('17')).toEqual([
    expect.objectContaining({
      state: 'TX',
      licenseClass: 'Producer',
      resident: true,
      active: true,
      lineOfAuthority: 'Accident & Health or Sickness',
      lineActive: true,
      issuedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    }),
  ]);
});

test('an NPN that the registry does not know has no licenses, which is no error', async () => {
  expect(await lookUp('999')).toEqual([]);
});

test('licenses set on the fake registry override its file until they are removed', async () => {
  const rows = [
    { State: 'UT', 'License Number': '7', 'License Class': 'Business Entity', 'Line Of Authority': 'Health' },
  ];
  const put = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(rows) };
  expect((await fetch(`${mailbox.address}/nipr/licenses/18`, put)).status).toBe(204);
  expect(await lookUp('18')).toEqual([
    expect.objectContaining({ state: 'UT', licenseClass: 'Business Entity', active: false, expiresOn: null }),
  ]);
  await fetch(`${mailbox.address}/nipr/licenses/18`, { method: 'DELETE' });
  expect((await lookUp('18')).map(({ state }) => state)).toEqual(['FL']);
});

test.each([
  [{ kind: 'outage' }, 'http-503'],
  [{ kind: 'refuse' }, 'refused'],
  [{ kind: 'outage', code: 'connection-reset' }, 'UND_ERR_SOCKET'],
])('an outage has a code and nothing else: %j', async (fault, code) => {
  await mailbox.fault({ channel: 'nipr', to: '17', times: 1, ...fault });
  expect(await codeOf(lookUp('17'))).toBe(code);
  expect(await lookUp('17')).toHaveLength(1);
});

test('an answer that takes too long is given up', async () => {
  await mailbox.fault({ channel: 'nipr', to: '18', kind: 'delay', delayMs: 2_000, times: 1 });
  expect(await codeOf(lookUp('18', 100))).toBe('timeout');
});

test('an unreachable registry is an outage', async () => {
  expect(await codeOf(lookupAt(`http://127.0.0.1:${await freePort()}`)('17'))).toBe('ECONNREFUSED');
});
