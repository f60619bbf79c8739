import { createECDH } from 'node:crypto';
import type { SessionPolicy } from '../domain/accounts/session-policy.ts';
import type { DatabaseLimits } from '../domain/time-limits.ts';
import { defaultActivitySlots, limitFaults } from './limit-variables.ts';
import { policyVariableNames, readPolicy } from './policy-variables.ts';
import { loadTemporalVariables, temporalFaults, withTemporalProfile } from './temporal-variables.ts';
import {
  renamedVariables,
  requestLimitVariables,
  type VariableName,
  type VariableValues,
  variables,
} from './variables.ts';

type Values = VariableValues;
/** Set wherever a process reads `masterKeys`: `readSettings` refuses its absence. */
type MasterKeyBytes = NonNullable<Values['MASTER_KEY']>;

const niprVariables = ['NIPR_URL', 'NIPR_USERNAME', 'NIPR_PASSWORD'] as const;

const databaseLimitVariables = [
  'DATABASE_WAIT_TIMEOUT',
  'DATABASE_LOCK_TIMEOUT',
  'DATABASE_STATEMENT_TIMEOUT',
  'DATABASE_IDLE_TIMEOUT',
  'DATABASE_TRANSACTION_TIMEOUT',
] as const;

/** Reads each setting from its variables. `Settings` is the type of what these functions return. */
const sections = {
  host: section(['LISTEN_HOST'], (values) => values.LISTEN_HOST),
  port: section(['PORT'], (values) => values.PORT),
  metricsHost: section(['METRICS_HOST'], (values) => values.METRICS_HOST),
  metricsPort: section(['METRICS_PORT'], (values) => values.METRICS_PORT),
  apiMetricsPort: section(['API_METRICS_PORT'], (values) => values.API_METRICS_PORT),
  publicUrl: section(['PUBLIC_URL'], (values) => values.PUBLIC_URL),
  logLevel: section(['LOG_LEVEL'], (values) => values.LOG_LEVEL),
  databaseUrl: section(['DATABASE_URL'], (values) => values.DATABASE_URL),
  databaseDirectUrl: section(
    ['DATABASE_DIRECT_URL', 'DATABASE_URL'],
    (values) => values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
  ),
  migrationDatabaseUrl: section(
    ['MIGRATION_DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_URL'],
    (values) => values.MIGRATION_DATABASE_URL ?? values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
  ),
  retentionDatabaseUrl: section(
    ['RETENTION_DATABASE_URL', 'DATABASE_URL'],
    (values) => values.RETENTION_DATABASE_URL ?? values.DATABASE_URL,
  ),
  analyticsDatabaseUrl: section(['ANALYTICS_DATABASE_URL'], (values) => values.ANALYTICS_DATABASE_URL),
  setupDatabaseUrl: section(['SETUP_DATABASE_URL'], (values) => values.SETUP_DATABASE_URL),
  temporalDatabaseUrl: section(['TEMPORAL_DATABASE_URL'], (values) => values.TEMPORAL_DATABASE_URL),
  databasePoolSize: section(['DATABASE_POOL_SIZE'], (values) => values.DATABASE_POOL_SIZE),
  databaseLimits: section(databaseLimitVariables, readDatabaseLimits),
  backgroundLimits: section([...databaseLimitVariables, 'BACKGROUND_TIMEOUT'], (values) => ({
    ...readDatabaseLimits(values),
    statementMs: values.BACKGROUND_TIMEOUT,
    transactionMs: values.BACKGROUND_TIMEOUT,
  })),
  importTimeoutMs: section(['IMPORT_TIMEOUT'], (values) => values.IMPORT_TIMEOUT),
  migrationLimits: section(
    ['MIGRATION_LOCK_TIMEOUT', 'MIGRATION_GIVE_UP_AFTER', 'DATABASE_LOCK_TIMEOUT'],
    (values) => ({
      lockMs: values.MIGRATION_LOCK_TIMEOUT,
      giveUpAfterMs: values.MIGRATION_GIVE_UP_AFTER,
    }),
  ),
  slots: section(['ACTIVITY_SLOTS', 'WORKFLOW_TASK_SLOTS', 'DATABASE_POOL_SIZE'], (values) => ({
    activities: values.ACTIVITY_SLOTS ?? defaultActivitySlots(values.DATABASE_POOL_SIZE),
    workflowTasks: values.WORKFLOW_TASK_SLOTS,
  })),
  temporal: section(['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'], readTemporal),
  connectTimeoutMs: section(['CONNECT_TIMEOUT'], (values) => values.CONNECT_TIMEOUT),
  relayTickMs: section(['RELAY_TICK'], (values) => values.RELAY_TICK),
  availabilityTickMs: section(['AVAILABILITY_TICK'], (values) => values.AVAILABILITY_TICK),
  maxRemovedShare: section(['MAX_REMOVED_SHARE'], (values) => values.MAX_REMOVED_SHARE),
  maxBadShare: section(['MAX_BAD_SHARE'], (values) => values.MAX_BAD_SHARE),
  cleanupTickMs: section(['CLEANUP_TICK'], (values) => values.CLEANUP_TICK),
  audit: section(['AUDIT_GRACE', 'AUDIT_OUTBOX_AFTER', 'AUDIT_RESTART_AFTER'], (values) => ({
    graceMs: values.AUDIT_GRACE,
    maxOutboxAgeMs: values.AUDIT_OUTBOX_AFTER,
    restartCooldownMs: values.AUDIT_RESTART_AFTER,
  })),
  mail: section(['MAIL_FROM', 'AWS_REGION', 'SES_ENDPOINT', 'SES_CONFIGURATION_SET'], (values) => ({
    from: values.MAIL_FROM,
    region: values.AWS_REGION,
    endpoint: values.SES_ENDPOINT,
    configurationSet: values.SES_CONFIGURATION_SET,
  })),
  bulkPerSecond: section(['MAIL_RATE', 'BULK_MAIL_SHARE'], ({ MAIL_RATE, BULK_MAIL_SHARE }) => {
    const { points, windowMs } = MAIL_RATE;
    return (points / windowMs) * 1_000 * BULK_MAIL_SHARE;
  }),
  webhooks: section(['SES_TOPIC_ARN', 'SNS_ENDPOINT', 'WEBHOOK_MAX_AGE', 'TWILIO_AUTH_TOKEN'], (values) => ({
    topicArn: values.SES_TOPIC_ARN,
    snsOrigin: values.SNS_ENDPOINT,
    maxAgeMs: values.WEBHOOK_MAX_AGE,
    twilioAuthToken: values.TWILIO_AUTH_TOKEN,
  })),
  twilio: section(
    ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM', 'TWILIO_VOICE_FROM', 'TWILIO_BASE_URL'],
    (values) => ({
      accountSid: values.TWILIO_ACCOUNT_SID,
      authToken: values.TWILIO_AUTH_TOKEN,
      from: values.TWILIO_FROM,
      voiceFrom: values.TWILIO_VOICE_FROM ?? values.TWILIO_FROM,
      baseUrl: values.TWILIO_BASE_URL,
    }),
  ),
  push: section(['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT', 'PUSH_ENDPOINT'], (values) => ({
    publicKey: values.VAPID_PUBLIC_KEY,
    privateKey: values.VAPID_PRIVATE_KEY,
    subject: values.VAPID_SUBJECT,
    endpoint: values.PUSH_ENDPOINT,
  })),
  nipr: section(niprVariables, readNipr),
  dataCatalog: section(
    ['DATA_CATALOG_URL', 'DATA_CATALOG_DATASET'],
    ({ DATA_CATALOG_URL: catalogUrl, DATA_CATALOG_DATASET: dataset }) =>
      catalogUrl === undefined ? undefined : { url: catalogUrl, dataset },
  ),
  schedules: section(['DATA_CATALOG_URL', 'PULL_EVERY', 'REVIEW_EVERY', 'AUDIT_EVERY'], (values) => ({
    reviewEveryMs: values.REVIEW_EVERY,
    auditEveryMs: values.AUDIT_EVERY,
    pullEveryMs: values.DATA_CATALOG_URL === undefined ? undefined : values.PULL_EVERY,
  })),
  linkSecret: section(['LINK_SECRET'], (values) => values.LINK_SECRET),
  masterKeys: section(['MASTER_KEY'], (values) => values.MASTER_KEY as MasterKeyBytes),
  masterKeysIfAny: section(['MASTER_KEY'], (values) => values.MASTER_KEY),
  feedsKey: section(['FEEDS_KEY'], (values) => values.FEEDS_KEY),
  proxies: section(['PROXIES'], (values) => values.PROXIES),
  rateLimits: section(requestLimitVariables, (values) => ({
    requests: values.RATE_LIMIT_REQUESTS,
    logInByBoth: values.RATE_LIMIT_LOG_IN,
    logInByUsername: values.RATE_LIMIT_LOG_IN_USERNAME,
    logInByNetwork: values.RATE_LIMIT_LOG_IN_ADDRESS,
    renewalsByNetwork: values.RATE_LIMIT_RENEWALS,
    intakeByNetwork: values.RATE_LIMIT_INTAKE,
    intakeByContact: values.RATE_LIMIT_INTAKE_CONTACT,
    messagesByContact: values.RATE_LIMIT_CONTACT_CODES,
    messagesByContactADay: values.RATE_LIMIT_CONTACT_CODES_DAY,
    phoneCodesByAgent: values.RATE_LIMIT_PHONE_CODES,
    testOffersByAgent: values.RATE_LIMIT_TEST_OFFERS,
    agentRequestsByNpn: values.RATE_LIMIT_AGENT_REQUESTS,
    agentRequestsByNetwork: values.RATE_LIMIT_AGENT_REQUESTS_NETWORK,
    passwordResetsByUsername: values.RATE_LIMIT_PASSWORD_RESETS,
    passwordResetsByNetwork: values.RATE_LIMIT_PASSWORD_RESETS_NETWORK,
  })),
  sessions: section(
    [
      'AGENT_SESSION_IDLE',
      'AGENT_SESSION_LENGTH',
      'OPS_SESSION_IDLE',
      'OPS_SESSION_LENGTH',
      'CONFIRMATION_LASTS',
    ],
    (values): SessionPolicy => ({
      agentIdleMs: values.AGENT_SESSION_IDLE,
      agentLengthMs: values.AGENT_SESSION_LENGTH,
      opsIdleMs: values.OPS_SESSION_IDLE,
      opsLengthMs: values.OPS_SESSION_LENGTH,
      confirmationMs: values.CONFIRMATION_LASTS,
    }),
  ),
  securityContact: section(
    ['SECURITY_CONTACT', 'VAPID_SUBJECT'],
    (values) => values.SECURITY_CONTACT ?? values.VAPID_SUBJECT,
  ),
  policy: section([...policyVariableNames, 'NIPR_URL'], readPolicy),
};

type Sections = typeof sections;

/** All settings that the environment gives. Durations are milliseconds, shares 0 to 1. */
export type Settings = { [Name in keyof Sections]: ReturnType<Sections[Name]['read']> };

/** The settings that each process reads. It starts without the variables of the others. */
const needs = {
  api: [
    'host',
    'port',
    'metricsHost',
    'apiMetricsPort',
    'publicUrl',
    'logLevel',
    'databaseUrl',
    'databasePoolSize',
    'databaseLimits',
    'importTimeoutMs',
    'temporal',
    'twilio',
    'webhooks',
    'push',
    'connectTimeoutMs',
    'linkSecret',
    'masterKeys',
    'feedsKey',
    'proxies',
    'rateLimits',
    'sessions',
    'securityContact',
    'policy',
  ],
  worker: [
    'metricsHost',
    'metricsPort',
    'publicUrl',
    'logLevel',
    'databaseUrl',
    'databaseDirectUrl',
    'retentionDatabaseUrl',
    'databasePoolSize',
    'databaseLimits',
    'backgroundLimits',
    'importTimeoutMs',
    'slots',
    'temporal',
    'connectTimeoutMs',
    'relayTickMs',
    'availabilityTickMs',
    'cleanupTickMs',
    'audit',
    'mail',
    'bulkPerSecond',
    'twilio',
    'push',
    'nipr',
    'dataCatalog',
    'linkSecret',
    'masterKeys',
    'policy',
  ],
  'database-users': [
    'logLevel',
    'setupDatabaseUrl',
    'databaseUrl',
    'migrationDatabaseUrl',
    'retentionDatabaseUrl',
    'analyticsDatabaseUrl',
    'temporalDatabaseUrl',
    'connectTimeoutMs',
  ],
  migrate: [
    'logLevel',
    'databaseUrl',
    'migrationDatabaseUrl',
    'retentionDatabaseUrl',
    'analyticsDatabaseUrl',
    'migrationLimits',
    'masterKeysIfAny',
    'connectTimeoutMs',
  ],
  'destroyed-keys': ['logLevel', 'databaseUrl', 'masterKeys', 'connectTimeoutMs'],
  'rotate-master-key': ['logLevel', 'databaseUrl', 'masterKeys', 'connectTimeoutMs'],
  provision: ['logLevel', 'temporal', 'connectTimeoutMs', 'schedules'],
  upgrade: ['logLevel', 'databaseUrl', 'temporal', 'connectTimeoutMs'],
  promote: ['logLevel', 'temporal', 'connectTimeoutMs'],
  import: [
    'logLevel',
    'databaseUrl',
    'importTimeoutMs',
    'connectTimeoutMs',
    'maxRemovedShare',
    'maxBadShare',
  ],
  lines: ['databaseUrl', 'importTimeoutMs', 'connectTimeoutMs'],
  account: ['databaseUrl', 'connectTimeoutMs', 'linkSecret'],
  sample: ['migrationDatabaseUrl', 'linkSecret', 'masterKeys', 'policy'],
  bench: ['policy'],
} as const satisfies Record<string, readonly (keyof Settings)[]>;

export type ProcessName = keyof typeof needs;

/** The settings of one process. */
export type SettingsOf<Name extends ProcessName> = Pick<Settings, (typeof needs)[Name][number]>;

/**
 * Reads and checks the settings of a process, or all of them if no process is named.
 * An empty variable counts as missing.
 * @throws one `SettingsError` that lists every missing and wrong variable with an example; it never contains the value
 * of a secret
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings;
export function readSettings<Name extends ProcessName>(
  env: NodeJS.ProcessEnv,
  process: Name,
): SettingsOf<Name>;
export function readSettings(given: NodeJS.ProcessEnv, process?: ProcessName): Partial<Settings> {
  const env = withTemporalProfile(given);
  const wanted = sectionsOf(process);
  const names = variablesOf(wanted);
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const name of names) {
    const { schema } = variables[name];
    const outcome = schema.safeParse(textOf(env, name));
    if (outcome.success) values[name] = outcome.data;
    else problems.push(describe(name, env, outcome.error.issues[0]?.message));
  }
  problems.push(...renamedFaults(env, names));
  problems.push(...limitFaults(values));
  if (names.has('TEMPORAL_ADDRESS')) problems.push(...temporalFaults(env));
  if (names.has('NIPR_USERNAME')) problems.push(...niprFaults(env));
  if (names.has('TWILIO_VOICE_FROM')) problems.push(...callerFaults(env));
  if (wanted.includes('masterKeys') && textOf(env, 'MASTER_KEY') === undefined)
    problems.push(describe('MASTER_KEY', env));
  if (names.has('VAPID_PRIVATE_KEY')) problems.push(...vapidFaults(values));
  if (problems.length > 0) throw settingsError(problems);
  return Object.fromEntries(wanted.map((name) => [name, sections[name].read(values as Values, env)]));
}

/** Names the variables that a process reads, or all of them if no process is named, with what each is. */
export function describeSettings(process?: ProcessName): Record<string, string> {
  const names = variablesOf(sectionsOf(process));
  return {
    ...Object.fromEntries([...names].map((name) => [name, variables[name].about])),
    ...(names.has('TEMPORAL_ADDRESS') && {
      'TEMPORAL_…': "Temporal's own variables, such as TEMPORAL_API_KEY and TEMPORAL_TLS",
    }),
    ...(names.has('AWS_REGION') && { 'AWS_…': "the AWS SDK's own variables, such as AWS_ACCESS_KEY_ID" }),
  };
}

function sectionsOf(process: ProcessName | undefined): readonly (keyof Settings)[] {
  return process === undefined ? (Object.keys(sections) as (keyof Settings)[]) : needs[process];
}

function variablesOf(wanted: readonly (keyof Settings)[]): Set<VariableName> {
  return new Set(wanted.flatMap((name) => [...sections[name].variables]));
}

function section<T>(names: readonly VariableName[], read: (values: Values, env: NodeJS.ProcessEnv) => T) {
  return { variables: names, read };
}

function textOf(env: NodeJS.ProcessEnv, name: VariableName): string | undefined {
  return env[name]?.trim() || undefined;
}

function describe(name: VariableName, env: NodeJS.ProcessEnv, must = 'is not usable'): string {
  const { about, example, secret } = variables[name] as { about: string; example: string; secret?: true };
  const text = textOf(env, name);
  if (text === undefined) return `${name} is missing: ${about}, for example ${name}="${example}"`;
  // a URL may carry a password although it should not
  const shown = text.replace(/\/\/[^/@\s]*@/g, '//…@');
  const found = secret ? '(its value is not shown)' : `and is "${shown}"`;
  return `${name} ${must} ${found}: ${about}, for example ${name}="${example}"`;
}

function settingsError(problems: readonly string[]): Error {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
  const error = new Error(`${count} missing or wrong (.env.example describes all of them):\n${lines}`);
  error.name = 'SettingsError';
  return error;
}

/** Refuses former names, because ignoring them would run the process on a default that nobody chose. */
function renamedFaults(env: NodeJS.ProcessEnv, names: ReadonlySet<VariableName>): string[] {
  return Object.entries(renamedVariables)
    .filter(([former, name]) => names.has(name) && env[former]?.trim())
    .map(
      ([former, name]) =>
        `${former} is now called ${name}: rename it, for example ${name}="${variables[name].example}"`,
    );
}

function readDatabaseLimits(values: Values): DatabaseLimits {
  return {
    waitMs: values.DATABASE_WAIT_TIMEOUT,
    lockMs: values.DATABASE_LOCK_TIMEOUT,
    statementMs: values.DATABASE_STATEMENT_TIMEOUT,
    idleMs: values.DATABASE_IDLE_TIMEOUT,
    transactionMs: values.DATABASE_TRANSACTION_TIMEOUT,
  };
}

function readTemporal(values: Values, env: NodeJS.ProcessEnv) {
  const { connectionOptions } = loadTemporalVariables(env);
  return {
    address: values.TEMPORAL_ADDRESS,
    namespace: values.TEMPORAL_NAMESPACE,
    connectionOptions: { ...connectionOptions, address: values.TEMPORAL_ADDRESS },
  };
}

/** Returns the account at NIPR; undefined if no licenses are looked up. */
function readNipr({ NIPR_URL: at, NIPR_USERNAME: username, NIPR_PASSWORD: password }: Values) {
  return at && username && password ? { url: at, username, password } : undefined;
}

/** Asks for the account where the URL is set: one without the other is a mistake, not a way to turn lookups off. */
function niprFaults(env: NodeJS.ProcessEnv): string[] {
  if (textOf(env, 'NIPR_URL') === undefined) return [];
  const missing = niprVariables.filter((name) => textOf(env, name) === undefined);
  return missing.map((name) => describe(name, env));
}

/** Asks for TWILIO_VOICE_FROM where TWILIO_FROM is a messaging service or a short code, which can text but not call. */
function callerFaults(env: NodeJS.ProcessEnv): string[] {
  const cannotCall = /^[^+]/.test(textOf(env, 'TWILIO_FROM') ?? '');
  return cannotCall && textOf(env, 'TWILIO_VOICE_FROM') === undefined
    ? [describe('TWILIO_VOICE_FROM', env)]
    : [];
}

/** Checks that the two keys are a pair: with any other key push services answer as if every subscription were gone. */
function vapidFaults({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Partial<Values>): string[] {
  if (!VAPID_PUBLIC_KEY || !VAPID_PRIVATE_KEY) return [];
  if (publicKeyOf(VAPID_PRIVATE_KEY) === VAPID_PUBLIC_KEY) return [];
  return [
    'VAPID_PUBLIC_KEY does not belong to VAPID_PRIVATE_KEY: both come from one `npx web-push generate-vapid-keys`',
  ];
}

/** Derives the public key of a private key; undefined if the 32 bytes are no private key of the curve. */
function publicKeyOf(privateKey: string): string | undefined {
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
    return pair.getPublicKey('base64url');
  } catch {
    return undefined;
  }
}
