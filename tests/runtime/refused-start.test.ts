import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { policyVariableNames } from '../../runtime/policy-variables.ts';
import { sessionVariables } from '../../runtime/session-variables.ts';
import { requestLimitVariables, variables } from '../../runtime/variables.ts';
import { builtProgram } from '../harness/built-program.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';

const programs = {
  api: ['api/main'],
  worker: ['worker/main'],
  'database-users': ['worker/cli/database-users'],
  migrate: ['worker/cli/migrate'],
  provision: ['worker/cli/provision'],
  upgrade: ['worker/cli/upgrade'],
  promote: ['worker/cli/promote'],
  import: ['worker/cli/import', 'licenses', 'licenses.csv'],
  lines: ['worker/cli/lines-of-authority'],
  account: ['worker/cli/account', 'ops', 'alex'],
  'rotate-master-key': ['worker/cli/rotate-master-key'],
  'destroyed-keys': ['worker/cli/destroyed-keys', 'list'],
} as const;
type Program = keyof typeof programs;

const ofBoth = [
  'PUBLIC_URL',
  'DATABASE_URL',
  'TEMPORAL_ADDRESS',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_FROM',
  'VAPID_PUBLIC_KEY',
  'VAPID_PRIVATE_KEY',
  'VAPID_SUBJECT',
  'LINK_SECRET',
  'MASTER_KEY',
];

/** Settings without which each process cannot start. */
const required: Readonly<Record<Program, readonly string[]>> = {
  api: [...ofBoth, 'FEEDS_KEY', 'SES_TOPIC_ARN'],
  worker: [...ofBoth, 'AWS_REGION'],
  'database-users': ['SETUP_DATABASE_URL', 'DATABASE_URL'],
  migrate: ['DATABASE_URL'],
  provision: ['TEMPORAL_ADDRESS'],
  upgrade: ['DATABASE_URL', 'TEMPORAL_ADDRESS'],
  promote: ['TEMPORAL_ADDRESS'],
  import: ['DATABASE_URL'],
  lines: ['DATABASE_URL'],
  account: ['DATABASE_URL', 'LINK_SECRET'],
  'rotate-master-key': ['DATABASE_URL', 'MASTER_KEY'],
  'destroyed-keys': ['DATABASE_URL', 'MASTER_KEY'],
};

const ownOfTemporal = ['TEMPORAL_NAMESPACE', 'TEMPORAL_TLS', 'TEMPORAL_TLS_CLIENT_CERT_PATH'];
const databaseLimits = [
  'DATABASE_WAIT_TIMEOUT',
  'DATABASE_LOCK_TIMEOUT',
  'DATABASE_STATEMENT_TIMEOUT',
  'DATABASE_IDLE_TIMEOUT',
  'DATABASE_TRANSACTION_TIMEOUT',
];
const ofServices = [
  'LOG_LEVEL',
  'DATABASE_POOL_SIZE',
  ...databaseLimits,
  'IMPORT_TIMEOUT',
  'TWILIO_BASE_URL',
  'TWILIO_VOICE_FROM',
  'PUSH_ENDPOINT',
  ...ownOfTemporal,
];

/** Other settings that each process reads; any text is a valid host to listen on. */
const optional: Readonly<Record<Program, readonly string[]>> = {
  api: [
    ...ofServices,
    'PORT',
    'API_METRICS_PORT',
    'CONNECT_TIMEOUT',
    'SNS_ENDPOINT',
    'WEBHOOK_MAX_AGE',
    'NIPR_URL',
    ...requestLimitVariables,
    ...Object.keys(sessionVariables),
    ...policyVariableNames,
  ],
  worker: [
    ...ofServices,
    'DATABASE_DIRECT_URL',
    'RETENTION_DATABASE_URL',
    'BACKGROUND_TIMEOUT',
    'ACTIVITY_SLOTS',
    'WORKFLOW_TASK_SLOTS',
    'METRICS_PORT',
    'CONNECT_TIMEOUT',
    'RELAY_TICK',
    'AVAILABILITY_TICK',
    'CLEANUP_TICK',
    'AUDIT_GRACE',
    'AUDIT_OUTBOX_AFTER',
    'AUDIT_RESTART_AFTER',
    'MAIL_FROM',
    'MAIL_RATE',
    'BULK_MAIL_SHARE',
    'SES_ENDPOINT',
    'SES_CONFIGURATION_SET',
    'DATA_CATALOG_URL',
    'DATA_CATALOG_DATASET',
    'NIPR_URL',
    'NIPR_USERNAME',
    ...policyVariableNames,
  ],
  'database-users': [
    'LOG_LEVEL',
    'CONNECT_TIMEOUT',
    'DATABASE_DIRECT_URL',
    'MIGRATION_DATABASE_URL',
    'ANALYTICS_DATABASE_URL',
    'RETENTION_DATABASE_URL',
    'TEMPORAL_DATABASE_URL',
  ],
  migrate: [
    'LOG_LEVEL',
    'CONNECT_TIMEOUT',
    'DATABASE_DIRECT_URL',
    'MIGRATION_DATABASE_URL',
    'ANALYTICS_DATABASE_URL',
    'RETENTION_DATABASE_URL',
    'MASTER_KEY',
    'DATABASE_LOCK_TIMEOUT',
    'MIGRATION_LOCK_TIMEOUT',
    'MIGRATION_GIVE_UP_AFTER',
  ],
  provision: [
    'LOG_LEVEL',
    'CONNECT_TIMEOUT',
    'DATA_CATALOG_URL',
    'PULL_EVERY',
    'REVIEW_EVERY',
    'AUDIT_EVERY',
    ...ownOfTemporal,
  ],
  upgrade: ['LOG_LEVEL', 'CONNECT_TIMEOUT', ...ownOfTemporal],
  promote: ['LOG_LEVEL', 'CONNECT_TIMEOUT', ...ownOfTemporal],
  import: ['LOG_LEVEL', 'CONNECT_TIMEOUT', 'IMPORT_TIMEOUT', 'MAX_REMOVED_SHARE', 'MAX_BAD_SHARE'],
  lines: ['CONNECT_TIMEOUT', 'IMPORT_TIMEOUT'],
  account: ['CONNECT_TIMEOUT'],
  'rotate-master-key': ['LOG_LEVEL', 'CONNECT_TIMEOUT'],
  'destroyed-keys': ['LOG_LEVEL', 'CONNECT_TIMEOUT'],
};

/** An invalid value for every variable; those of secrets contain a word that occurs nowhere else. */
const wrong: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(variables).map((name) => [name, 'all wrong'])),
  DATABASE_URL: 'mysql://hod:whispered-1@db.example.org/hod',
  DATABASE_DIRECT_URL: 'mysql://hod:whispered-8@db.example.org/hod',
  MIGRATION_DATABASE_URL: 'mysql://hod:whispered-9@db.example.org/hod',
  ANALYTICS_DATABASE_URL: 'mysql://hod:whispered-10@db.example.org/hod',
  RETENTION_DATABASE_URL: 'mysql://hod:whispered-14@db.example.org/hod',
  SETUP_DATABASE_URL: 'mysql://hod:whispered-11@db.example.org/hod',
  TEMPORAL_DATABASE_URL: 'mysql://hod:whispered-12@db.example.org/temporal',
  TWILIO_AUTH_TOKEN: 'whispered-2',
  VAPID_PRIVATE_KEY: 'whispered-3',
  LINK_SECRET: 'whispered-4',
  FEEDS_KEY: 'whispered-5',
  MASTER_KEY: 'whispered-13',
  TEMPORAL_API_KEY: 'whispered-6',
  TEMPORAL_TLS: 'TRUE',
  TEMPORAL_TLS_CLIENT_CERT_PATH: '/no/such/client.pem',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'whispered-7',
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refused-start-'));
  await getSharedServer('build');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a process of the build in an empty folder, with only these variables. */
async function start(name: Program, variablesGiven: Readonly<Record<string, string>>): Promise<Ended> {
  const [program, ...args] = programs[name];
  return runNode([await builtProgram(program), ...args], variablesGiven);
}

function runNode(args: readonly string[], variablesGiven: Readonly<Record<string, string>>): Promise<Ended> {
  const env = { PATH: process.env['PATH'], ...variablesGiven };
  const options = { cwd: folder, env, timeout: 30_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

/** Reads the names at the beginning of each line, in any order. */
function namesIn({ err }: Ended): string[] {
  return [...err.matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name = '']) => name).toSorted();
}

function expectRefusal(ended: Ended): void {
  const { code, out, err } = ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  const [first, ...problems] = err.trimEnd().split('\n');
  expect(first).toMatch(/missing or wrong/);
  for (const problem of problems) {
    const [, name] = /^ {2}([A-Z_]+) (?:is missing|must )/.exec(problem) ?? [];
    expect(problem).toContain(`for example ${name}="`);
  }
  expect(err).not.toMatch(/^\s+at |Error:|node:internal|whispered/m);
}

describe.each(Object.keys(programs) as Program[])('%s', (name) => {
  test('refuses to start without its settings, and names them all at once', async () => {
    const ended = await start(name, {});
    expectRefusal(ended);
    expect(namesIn(ended)).toEqual(required[name].toSorted());
  });

  test('refuses to start with wrong settings, names them all at once, and shows no secret', async () => {
    const ended = await start(name, wrong);
    expectRefusal(ended);
    expect(namesIn(ended)).toEqual([...required[name], ...optional[name]].toSorted());
    expect(ended.err).toMatch(/ and is "|its value is not shown/);
  });
});

test('settings in .env are checked the same way', async () => {
  const file = join(folder, '.env');
  writeFileSync(file, 'DATABASE_URL="mysql://hod:whispered@db.example.org/hod"\nLOG_LEVEL="loud"\n');
  const ended = await start('migrate', {});
  rmSync(file);
  expectRefusal(ended);
  expect(namesIn(ended)).toEqual(['DATABASE_URL', 'LOG_LEVEL']);
});

test('a Temporal configuration file that cannot be parsed is not quoted', async () => {
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, '[profile.default\napi_key = "whispered"\n');
  const ended = await start('provision', {
    TEMPORAL_ADDRESS: 'temporal.example.org:7233',
    TEMPORAL_CONFIG_FILE: file,
  });
  expect(ended.code).toBe(1);
  expect(ended.err).toContain('TEMPORAL_CONFIG_FILE');
  expect(ended.err).not.toMatch(/whispered|^\s+at /m);
});

describe('a part that cannot be reached is named, with its address and variable, and within bounded time:', () => {
  /** Valid settings; nothing listens at port 9. */
  const away = {
    ...Object.fromEntries(Object.entries(variables).map(([name, { example }]) => [name, example])),
    DATABASE_URL: 'postgres://hod:whispered@127.0.0.1:9/hod',
    DATABASE_DIRECT_URL: '',
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    CONNECT_TIMEOUT: '1 second',
    VAPID_PUBLIC_KEY:
      'BB4YUy_UdUwC8wQdnHXOszuD_9gax85P6ILMscmLxYlupGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM',
    VAPID_PRIVATE_KEY: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc',
    ...Object.fromEntries(
      ['TWILIO_AUTH_TOKEN', 'LINK_SECRET', 'FEEDS_KEY'].map((name) => [name, 'd'.repeat(32)]),
    ),
    MASTER_KEY: Buffer.alloc(32, 'd').toString('base64'),
  };
  beforeAll(() => writeFileSync(join(folder, 'licenses.csv'), ''));

  test.each(['api', 'migrate', 'upgrade', 'import', 'lines', 'account', 'rotate-master-key'] as const)(
    'Postgres, by %s',
    async (name) => {
      expect(await start(name, away)).toEqual({
        code: 1,
        out: '',
        err: 'Postgres cannot be reached at 127.0.0.1:9/hod: nothing answers there. DATABASE_URL names it.\n',
      });
    },
  );

  test.each([
    ['database-users', 'SETUP_DATABASE_URL'],
    ['migrate', 'MIGRATION_DATABASE_URL'],
  ] as const)('Postgres with another user, by %s', async (name, variable) => {
    const other = { [variable]: 'postgres://other:whispered@127.0.0.1:9/other' };
    const { url } = await getSharedServer('postgres');
    expect(await start(name, { ...away, DATABASE_URL: url, ...other })).toEqual({
      code: 1,
      out: '',
      err: `Postgres cannot be reached at 127.0.0.1:9/other: nothing answers there. ${variable} names it.\n`,
    });
  });

  test.each(['provision', 'promote'] as const)('Temporal, by %s', async (name) => {
    expect(await start(name, away)).toEqual({
      code: 1,
      out: '',
      err: 'Temporal cannot be reached at 127.0.0.1:9: no answer within 1 s. TEMPORAL_ADDRESS names it.\n',
    });
  });

  test('the bundle of a worker that was not built, before any connection', async () => {
    const source = new URL('../../worker/main.ts', import.meta.url).pathname;
    expect(await runNode(['--import', import.meta.resolve('tsx'), source], away)).toEqual({
      code: 1,
      out: '',
      err: 'There is no workflow bundle beside the worker: run the build first.\n',
    });
  });

  test('one that accepts the connection and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const ended = await start('migrate', { ...away, DATABASE_URL: `postgres://hod@127.0.0.1:${port}/hod` });
    silent.close();
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('no answer within 1 s') });
  });

  test('the stack trace is shown on request, and still no secret', async () => {
    const { err } = await start('migrate', { ...away, LOG_LEVEL: 'debug' });
    expect(err).toMatch(/^Postgres cannot be reached .*\n\s*at /);
    expect(err).not.toContain('whispered');
  });
});
