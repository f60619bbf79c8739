import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readSettings } from '../../runtime/settings.ts';
import { partVariables, readEmbeddedParts, readPorts } from '../../standalone/part-settings.ts';
import { readSecrets, secretsFile } from '../../standalone/secrets.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'part-settings-'));
});

afterEach(() => rmSync(dataDir, { recursive: true }));

function variablesFor(env: NodeJS.ProcessEnv): Record<string, string> {
  return partVariables({
    dataDir,
    env,
    ports: readPorts(env),
    secrets: readSecrets(dataDir),
    embedded: readEmbeddedParts(env),
    addresses: {
      databaseUrl: 'postgres://hod_application:x@127.0.0.1/hod',
      temporalAddress: '127.0.0.1:7233',
    },
  });
}

/** The settings of all processes; no process of `npm start` sees the superuser. */
function settingsFor(env: NodeJS.ProcessEnv) {
  return readSettings({ SETUP_DATABASE_URL: 'postgres://hod:x@127.0.0.1/hod', ...variablesFor(env) });
}

test('what npm start generates is all that the processes need', () => {
  const settings = settingsFor({});
  expect(settings).toMatchObject({ port: 3_000, publicUrl: 'http://localhost:3000', host: '127.0.0.1' });
  expect(settings.mail.endpoint).toBe('http://127.0.0.1:3025');
  expect(settings.nipr?.url).toBe('http://127.0.0.1:3025/pdb-xml-reports');
});

test('ports and policy of the environment reach the processes', () => {
  const settings = settingsFor({ PORT: '4000', OFFER_WINDOW: '20 seconds' });
  expect(settings).toMatchObject({ port: 4_000, publicUrl: 'http://localhost:4000' });
  expect(settings.policy.offerWindowMs).toBe(20_000);
});

test('agents on a local service get texts without a code, unless it is set otherwise', () => {
  expect(settingsFor({}).policy.requireConfirmedPhone).toBe(false);
  expect(settingsFor({ REQUIRE_CONFIRMED_PHONE: 'on' }).policy.requireConfirmedPhone).toBe(true);
});

test('real credentials never reach the mailbox', () => {
  const own = variablesFor({
    AWS_ACCESS_KEY_ID: 'real',
    AWS_SECRET_ACCESS_KEY: 'real',
    AWS_SESSION_TOKEN: 'real',
  });
  expect(Object.values(own)).not.toContain('real');
});

test('with a Twilio account of one’s own nothing points to the mailbox', () => {
  const own = variablesFor({ TWILIO_ACCOUNT_SID: 'AC1', AWS_ACCESS_KEY_ID: 'real' });
  expect(own).toMatchObject({ TWILIO_ACCOUNT_SID: 'AC1', AWS_ACCESS_KEY_ID: 'real' });
  expect(Object.keys(own)).not.toContain('SES_ENDPOINT');
});

test('a data folder of an earlier version keeps its secrets and gets those that it lacks', () => {
  const {
    applicationPassword: _,
    migrationsPassword: __,
    analyticsPassword: ___,
    retentionPassword: ____,
    ...earlier
  } = readSecrets(dataDir);
  writeFileSync(secretsFile(dataDir), JSON.stringify(earlier));
  const completed = readSecrets(dataDir);
  expect(completed).toMatchObject({ ...earlier, applicationPassword: expect.stringMatching(/^[\w-]{32}$/) });
  expect(readSecrets(dataDir)).toEqual(completed);
});

test('secrets are made once and only their owner can read them', () => {
  expect(readSecrets(dataDir)).toEqual(readSecrets(dataDir));
  expect(statSync(secretsFile(dataDir)).mode & 0o777).toBe(0o600);
});

test('an invalid port is reported with its variable', () => {
  expect(() => readPorts({ OUTBOX_PORT: 'mail', PORT: '70000' })).toThrow(
    /PORT.*70000(.*\n)+OUTBOX_PORT.*mail/,
  );
});
