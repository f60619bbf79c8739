import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { defaultRateLimits } from '../../api/http/requests/rate-limits.ts';
import { defaultSessionPolicy } from '../../domain/accounts/session-policy.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import {
  backgroundLimitMs,
  databaseLimits,
  importLimitMs,
  migrationLimits,
} from '../../domain/time-limits.ts';
import { policyVariableNames, policyVariables } from '../../runtime/policy-variables.ts';
import { readSettings } from '../../runtime/settings.ts';
import { variables } from '../../runtime/variables.ts';

const complete = {
  PUBLIC_URL: 'https://help.example.org/',
  DATABASE_URL: 'postgres://hod:open-sesame@db.example.org/hod',
  SETUP_DATABASE_URL: 'postgres://postgres:open-sesame@db.example.org/hod',
  TEMPORAL_ADDRESS: 'temporal.example.org:7233',
  AWS_REGION: 'us-east-1',
  SES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:ses-events',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '1'.repeat(32),
  TWILIO_FROM: '+15005550006',
  VAPID_PUBLIC_KEY: 'BB4YUy_UdUwC8wQdnHXOszuD_9gax85P6ILMscmLxYlupGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM',
  VAPID_PRIVATE_KEY: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
  VAPID_SUBJECT: 'mailto:ops@example.org',
  LINK_SECRET: '2'.repeat(32),
  FEEDS_KEY: '3'.repeat(32),
  MASTER_KEY: Buffer.alloc(32, '4').toString('base64'),
};

const niprAccount = {
  NIPR_URL: 'https://pdb.example.org/pdb-xml-reports',
  NIPR_USERNAME: 'hod',
  NIPR_PASSWORD: 'open-sesame',
};

function policyOf(env: NodeJS.ProcessEnv): Policy {
  return readSettings({ ...complete, ...env }).policy;
}

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readSettings(env);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('required settings are enough: the policy has the values of the guide', () => {
  const settings = readSettings(complete);
  expect([settings.metricsHost, settings.host]).toEqual(['127.0.0.1', '0.0.0.0']);
  expect(settings.policy).toEqual({
    ...defaultPolicy,
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    licenseLookupAfterMs: [],
  });
  const minute = 60_000;
  expect(settings.policy).toMatchObject({
    invitationTtlMs: 48 * 60 * minute,
    invitationLateAfter: { businessDays: 2 },
    offerWindowMs: 15 * minute,
    followUpWindowMs: 60 * minute,
  });
  expect(settings.publicUrl).toBe('https://help.example.org');
  expect(settings.temporal).toMatchObject({ address: 'temporal.example.org:7233', namespace: 'default' });
});

test('mail comes from the address of the guide unless another one is set', () => {
  expect(readSettings(complete).mail.from).toBe('Help On Demand <noreply@helpondemand.com>');
  const other = 'Help <help@example.org>';
  expect(readSettings({ ...complete, MAIL_FROM: other }).mail.from).toBe(other);
});

test('bulk mail gets a share of the rate of the account, and never all of it', () => {
  expect(readSettings(complete).bulkPerSecond).toBeCloseTo(9.8);
  const sandbox = { ...complete, MAIL_RATE: '1 per second', BULK_MAIL_SHARE: '50 %' };
  expect(readSettings(sandbox).bulkPerSecond).toBeCloseTo(0.5);
  expect(problemsOf({ ...complete, MAIL_RATE: '14', BULK_MAIL_SHARE: '100 %' })).toEqual([
    expect.stringMatching(/MAIL_RATE must be a rate .*"14".*MaxSendRate/),
    expect.stringMatching(
      /BULK_MAIL_SHARE must be a share from 1 % to 90 %, because offers need the rest.*"100 %"/,
    ),
  ]);
});

test('every missing and wrong setting is reported at once, each with an example', () => {
  const problems = problemsOf({
    ...complete,
    OFFER_WINDOW: '15',
    NEAR_DISTANCE: 'far',
    PORT: '99999',
    FEEDS_KEY: '',
  });
  expect(problems).toEqual([
    expect.stringMatching(/PORT must be a whole number from 1 to 65535 and is "99999".*PORT="3000"/),
    expect.stringMatching(/FEEDS_KEY is missing/),
    expect.stringMatching(/OFFER_WINDOW must be a duration with its unit.*"15".*OFFER_WINDOW="15 minutes"/),
    expect.stringMatching(/NEAR_DISTANCE must be a distance in miles and is "far"/),
  ]);
});

test('requests are limited for at most 24 days, the longest timer', () => {
  const limitOf = (rate: string) => ({ ...complete, RATE_LIMIT_REQUESTS: rate });
  expect(readSettings(limitOf('5000 per 24 days')).rateLimits.requests.points).toBe(5000);
  expect(problemsOf(limitOf('5000 per 25 days'))).toEqual([
    expect.stringMatching(/RATE_LIMIT_REQUESTS must be a rate of at most 24 days and is "5000 per 25 days"/),
  ]);
});

test('a setting under its former name is refused with its new name, beside every other problem', () => {
  const former = { DUTY_TICK: '7 seconds', TIDY_TICK: '2 minutes' };
  expect(problemsOf({ ...complete, ...former, PORT: '99999' })).toEqual([
    expect.stringMatching(/PORT must be/),
    '  DUTY_TICK is now called AVAILABILITY_TICK: rename it, for example AVAILABILITY_TICK="5 seconds"',
    '  TIDY_TICK is now called CLEANUP_TICK: rename it, for example CLEANUP_TICK="1 minute"',
  ]);
  expect(problemsOf({ ...complete, DUTY_TICK: '', TIDY_TICK: ' ' })).toEqual([]);
});

test('a former name stops only the process that reads the setting', () => {
  const env = { ...complete, DUTY_TICK: '7 seconds' };
  expect(() => readSettings(env, 'worker')).toThrow(/DUTY_TICK is now called AVAILABILITY_TICK/);
  expect(readSettings(env, 'migrate').databaseUrl).toBe(complete.DATABASE_URL);
});

test('a wrong secret is named, its value is not', () => {
  const [problem, ...others] = problemsOf({ ...complete, LINK_SECRET: 'too-short-a-secret' });
  expect(others).toEqual([]);
  expect(problem).toMatch(/LINK_SECRET must have at least 32 characters/);
  expect(problem).not.toContain('too-short-a-secret');
  expect(problemsOf({ ...complete, DATABASE_URL: 'mysql://hod:open-sesame@db' })[0]).not.toContain(
    'open-sesame',
  );
});

test('a master key is 32 bytes in base64; after commas stand those that only decrypt, and none twice', () => {
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const [one, two] = [first.toString('base64'), second.toString('base64')];
  expect(readSettings({ ...complete, MASTER_KEY: `${two}, ${one}` }).masterKeys).toEqual([second, first]);
  for (const wrong of [one.slice(4), `${one},`, `${one},${one}`, '4'.repeat(64)]) {
    const [problem, ...others] = problemsOf({ ...complete, MASTER_KEY: wrong });
    expect(others).toEqual([]);
    expect(problem).toMatch(/MASTER_KEY must be 32 bytes in base64/);
    expect(problem).not.toContain(wrong);
  }
});

test('without a master key neither API nor worker starts; only a migration that finds contacts in clear needs it', () => {
  const { MASTER_KEY: _, ...without } = complete;
  for (const name of ['api', 'worker', 'rotate-master-key'] as const)
    expect(() => readSettings(without, name)).toThrow(
      'MASTER_KEY is missing: the key that encrypts the contacts',
    );
  expect(readSettings(without, 'migrate').masterKeysIfAny).toBeUndefined();
});

test('limits of an empty environment are those of the code, and fit each other', () => {
  const settings = readSettings(complete);
  expect(settings.databaseLimits).toEqual(databaseLimits);
  expect(settings.backgroundLimits).toMatchObject({
    lockMs: databaseLimits.lockMs,
    statementMs: backgroundLimitMs,
    transactionMs: backgroundLimitMs,
  });
  expect(settings.importTimeoutMs).toBe(importLimitMs);
  expect(settings.migrationLimits).toEqual(migrationLimits);
  expect(settings.slots).toEqual({ activities: 20, workflowTasks: 20 });
});

test('limits that contradict each other refuse the start, all at once', () => {
  const problems = problemsOf({
    ...complete,
    DATABASE_LOCK_TIMEOUT: '9 seconds',
    DATABASE_TRANSACTION_TIMEOUT: '20 seconds',
    BACKGROUND_TIMEOUT: '1 minute',
    IMPORT_TIMEOUT: '2 hours',
    MIGRATION_LOCK_TIMEOUT: '9 seconds',
    DATABASE_POOL_SIZE: '5',
    ACTIVITY_SLOTS: '40',
  });
  expect(problems).toEqual([
    '  DATABASE_LOCK_TIMEOUT must be below DATABASE_STATEMENT_TIMEOUT (8 seconds) and is 9 seconds',
    '  DATABASE_WAIT_TIMEOUT and DATABASE_TRANSACTION_TIMEOUT and 5 seconds for retries must be below the time of an activity (30 seconds) and is 30 seconds',
    '  DATABASE_WAIT_TIMEOUT and BACKGROUND_TIMEOUT must be below the time between two heartbeats of the audit and the review (60 seconds) and is 65 seconds',
    '  IMPORT_TIMEOUT must be below the time of a pull (7200 seconds) and is 7200 seconds',
    '  MIGRATION_LOCK_TIMEOUT must be below DATABASE_LOCK_TIMEOUT (9 seconds) and is 9 seconds',
    '  ACTIVITY_SLOTS must be at most 4 times DATABASE_POOL_SIZE (20) and is 40',
  ]);
  expect(problemsOf({ ...complete, DATABASE_STATEMENT_TIMEOUT: '11 seconds' })).toEqual([
    '  DATABASE_STATEMENT_TIMEOUT must be below the time that the API waits for an update (10 seconds) and is 11 seconds',
  ]);
});

test.each([
  [1, 4],
  [5, 10],
  [10, 20],
  [500, 40],
])('a pool of %i connections alone is enough, and gives %i activity slots', (connections, activities) => {
  const env = { ...complete, DATABASE_POOL_SIZE: `${connections}` };
  expect(readSettings(env).slots.activities).toBe(activities);
  expect(readSettings({ ...env, ACTIVITY_SLOTS: '4' }).slots.activities).toBe(4);
});

test('what needs a session of its own goes past a pooler', () => {
  expect(readSettings(complete).databaseDirectUrl).toBe(complete.DATABASE_URL);
  const direct = 'postgres://hod:open-sesame@primary.example.org/hod';
  expect(readSettings({ ...complete, DATABASE_DIRECT_URL: direct })).toMatchObject({
    databaseUrl: complete.DATABASE_URL,
    databaseDirectUrl: direct,
    migrationDatabaseUrl: direct,
  });
});

test('one user of the database does every job, unless another one migrates', () => {
  expect(readSettings(complete)).toMatchObject({
    migrationDatabaseUrl: complete.DATABASE_URL,
    analyticsDatabaseUrl: undefined,
  });
  const owner = 'postgres://hod_migrations:open-sesame@primary.example.org/hod';
  expect(readSettings({ ...complete, MIGRATION_DATABASE_URL: owner })).toMatchObject({
    databaseUrl: complete.DATABASE_URL,
    databaseDirectUrl: complete.DATABASE_URL,
    migrationDatabaseUrl: owner,
  });
});

test('the two keys that sign pushes belong together', () => {
  const another = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
    format: 'jwk',
  });
  expect(problemsOf({ ...complete, VAPID_PRIVATE_KEY: another.d })).toEqual([
    expect.stringMatching(/VAPID_PUBLIC_KEY does not belong to VAPID_PRIVATE_KEY/),
  ]);
});

test('a messaging service cannot call: the number that does is named beside it', () => {
  const service = { ...complete, TWILIO_FROM: `MG${'0'.repeat(32)}` };
  expect(problemsOf(service)).toEqual([expect.stringContaining('TWILIO_VOICE_FROM is missing')]);
  expect(problemsOf({ ...service, TWILIO_VOICE_FROM: '+15005550006' })).toEqual([]);
  expect(readSettings(complete).twilio.voiceFrom).toBe(complete.TWILIO_FROM);
});

test('a URL is shown without the password that somebody wrote into it', () => {
  const [problem] = problemsOf({ ...complete, PUBLIC_URL: 'ftp://hod:open-sesame@help.example.org' });
  expect(problem).toContain('"ftp://…@help.example.org"');
});

test.each([
  ['1 second', 1_000],
  ['90 s', 90_000],
  ['1.5 hours', 5_400_000],
])('a window may be as short as seconds: %s', (text, milliseconds) => {
  expect(policyOf({ OFFER_WINDOW: text }).offerWindowMs).toBe(milliseconds);
});

test.each(['900', '0 seconds', '-5 minutes', '500 ms', 'soon', '15 parsecs'])('%s is no window', (text) => {
  expect(problemsOf({ ...complete, OFFER_WINDOW: text })).toHaveLength(1);
});

test.each([
  ['none', null],
  ['4 minutes, 2 at once', { afterMs: 240_000, atOnce: 2 }],
  [
    '4 minutes, 2 at once, 3 in the last hour of the budget',
    { afterMs: 240_000, atOnce: 2, late: { atOnce: 3, lastMs: 3_600_000 } },
  ],
  [
    '90 s,1 at once,2 in the last 30 minutes of the budget',
    { afterMs: 90_000, atOnce: 1, late: { atOnce: 2, lastMs: 1_800_000 } },
  ],
])('offers overlap as policy says: %s', (text, offerOverlap) => {
  expect(policyOf({ OFFER_OVERLAP: text })).toMatchObject({ offerOverlap });
});

test.each([
  '4 minutes',
  '2 at once',
  '4, 2 at once',
  '4 minutes, 1 at once',
  '4 minutes, 11 at once',
  '4 minutes, 3 at once, 2 in the last hour of the budget',
  '4 minutes, 2 at once, 3 in the last hour',
])('%s is no overlap, and the refusal says the form', (text) => {
  expect(problemsOf({ ...complete, OFFER_OVERLAP: text })).toEqual([
    expect.stringMatching(
      /OFFER_OVERLAP must be none, or such as "4 minutes, 2 at once" or "4 minutes, 2 at once, 3 in the/,
    ),
  ]);
});

test('terms reminders can be none, and come in ascending order', () => {
  expect(policyOf({ TERMS_REMINDERS: 'none' }).termsReminderAfterMs).toEqual([]);
  expect(policyOf({ TERMS_REMINDERS: '3 minutes, 10 seconds' }).termsReminderAfterMs).toEqual([
    10_000, 180_000,
  ]);
});

test('a switch is on or off, and nothing else', () => {
  expect(policyOf({ REQUIRE_CONFIRMED_PHONE: 'off' }).requireConfirmedPhone).toBe(false);
  expect(problemsOf({ ...complete, REQUIRE_CONFIRMED_PHONE: 'maybe' })).toEqual([
    expect.stringMatching(/REQUIRE_CONFIRMED_PHONE must be on or off and is "maybe"/),
  ]);
});

test('licenses are looked up where NIPR has an address, which needs its account', () => {
  const { NIPR_URL: url, ...account } = niprAccount;
  expect(readSettings({ ...complete, ...account }).nipr).toBeUndefined();
  const { nipr, policy } = readSettings({ ...complete, ...niprAccount });
  expect(nipr).toEqual({ url, username: 'hod', password: 'open-sesame' });
  expect(policy.licenseLookupAfterMs).toEqual(defaultPolicy.licenseLookupAfterMs);
  const problems = problemsOf({ ...complete, NIPR_URL: url });
  expect(problems.map((problem) => problem.trim().split(' ')[0])).toEqual(['NIPR_USERNAME', 'NIPR_PASSWORD']);
});

test('the version of a policy changes with its values alone', () => {
  const { version } = policyOf({});
  expect(policyOf({ PORT: '4000', OFFER_WINDOW: '900 seconds' }).version).toBe(version);
  expect(policyOf({ OFFER_WINDOW: '14 minutes' }).version).not.toBe(version);
});

test('a process starts without the settings of the others', () => {
  const settings = readSettings({ DATABASE_URL: complete.DATABASE_URL }, 'migrate');
  expect(settings).toEqual({
    databaseUrl: complete.DATABASE_URL,
    migrationDatabaseUrl: complete.DATABASE_URL,
    retentionDatabaseUrl: complete.DATABASE_URL,
    analyticsDatabaseUrl: undefined,
    migrationLimits,
    connectTimeoutMs: 10_000,
    logLevel: 'info',
  });
});

test('an API key for Temporal turns TLS on', () => {
  const { temporal } = readSettings({ ...complete, TEMPORAL_API_KEY: 'key' });
  expect(temporal.connectionOptions).toMatchObject({ apiKey: 'key', tls: true });
});

test('a profile of a configuration file gives address, namespace and key; a variable wins', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temporal-profile-'));
  const file = join(folder, 'temporal.toml');
  writeFileSync(
    file,
    '[profile.cloud]\naddress = "help.a1b2c.tmprl.cloud:7233"\nnamespace = "help.a1b2c"\napi_key = "key"\n',
  );
  const { TEMPORAL_ADDRESS: _, ...others } = complete;
  const profile = { ...others, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' };
  const address = 'help.a1b2c.tmprl.cloud:7233';
  const connectionOptions = { address, apiKey: 'key', tls: true };
  expect(readSettings(profile).temporal).toMatchObject({
    address,
    namespace: 'help.a1b2c',
    connectionOptions,
  });
  expect(readSettings({ ...profile, TEMPORAL_NAMESPACE: 'other' }).temporal.namespace).toBe('other');
  rmSync(folder, { recursive: true });
});

test('.env.example names every setting, and its defaults are those of the code', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const documented = parseEnv(text.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  const ofStartAlone = [
    'DATA_DIR',
    'SAMPLE_PAST',
    'OUTBOX_PORT',
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'POSTGRES_PORT',
  ];
  expect(Object.keys(documented).toSorted()).toEqual([...Object.keys(variables), ...ofStartAlone].toSorted());
  const policy = Object.fromEntries(policyVariableNames.map((name) => [name, documented[name]]));
  expect(policyOf({ ...policy, ...niprAccount })).toMatchObject(defaultPolicy);
});

test('the rate limits of an empty environment are those that the API has by itself', () => {
  expect(defaultRateLimits).toMatchObject(readSettings(complete).rateLimits);
});

test('sessions of an empty environment last as long as the code says', () => {
  expect(readSettings(complete).sessions).toEqual(defaultSessionPolicy);
  expect(readSettings({ ...complete, AGENT_SESSION_IDLE: '3 seconds' }).sessions.agentIdleMs).toBe(3_000);
});

test('security problems are reported to the contact of pushes unless another one is set', () => {
  expect(readSettings(complete).securityContact).toBe('mailto:ops@example.org');
  const contact = 'https://example.org/security';
  expect(readSettings({ ...complete, SECURITY_CONTACT: contact }).securityContact).toBe(contact);
});

test('every member of the policy has a variable of its own; the calendar has two', () => {
  const members = Object.values(policyVariables).map((about) =>
    'member' in about ? about.member : 'serviceCalendar',
  );
  expect(members.toSorted()).toEqual([...Object.keys(defaultPolicy), 'serviceCalendar'].toSorted());
});

test('an offer is told again after parts of its window, or not at all', () => {
  const nudgesOf = (text: string) => policyOf({ OFFER_NUDGES: text }).offerNudges;
  expect(policyOf({}).offerNudges).toEqual([1 / 3, 2 / 3]);
  expect([nudgesOf('2/3, 1/3'), nudgesOf('50 %'), nudgesOf('off')]).toEqual([[1 / 3, 2 / 3], [0.5], []]);
});

test.each(['3/3', '0 %', '1/0', '5 minutes', 'on', '1/3,'])('%s is no part of a window', (text) => {
  expect(problemsOf({ ...complete, OFFER_NUDGES: text })).toEqual([
    expect.stringMatching(/OFFER_NUDGES must be parts such as 1\/3 or 50 %, separated by commas, or off/),
  ]);
});

test('an agent rests after three unseen offers, after as many as policy says, or never', () => {
  const restOf = (text: string) => policyOf({ REST_AFTER_UNSEEN: text }).restAfterUnseen;
  expect([policyOf({}).restAfterUnseen, restOf('1'), restOf('20'), restOf('0')]).toEqual([3, 1, 20, 0]);
});

test.each(['21', '-1', '2.5', 'off', '3 offers'])('%s is no number of unseen offers', (text) => {
  expect(problemsOf({ ...complete, REST_AFTER_UNSEEN: text })).toEqual([
    expect.stringMatching(
      /REST_AFTER_UNSEEN must be a whole number from 0 to 20 and is .*REST_AFTER_UNSEEN="3"/,
    ),
  ]);
});
