import { describeSettings } from '../runtime/settings.ts';
import { variables } from '../runtime/variables.ts';
import type { Secrets } from './secrets.ts';
import { freePort } from './services/ports.ts';

/** Default ports of `npm start`, by variable. */
const defaultPorts = {
  PORT: 3_000,
  OUTBOX_PORT: 3_025,
  TEMPORAL_PORT: 7_233,
  TEMPORAL_UI_PORT: 8_233,
  POSTGRES_PORT: 5_433,
  METRICS_PORT: 9_464,
  API_METRICS_PORT: 9_465,
};

/** The settings of the ports, with what each is. */
export const portSettings: Readonly<Record<keyof typeof defaultPorts, string>> = {
  PORT: variables.PORT.about,
  OUTBOX_PORT: 'the port of the mailbox page, which shows what the fake providers sent',
  TEMPORAL_PORT: 'the port of the embedded Temporal server',
  TEMPORAL_UI_PORT: 'the port of its UI',
  POSTGRES_PORT: 'the port of the embedded Postgres',
  METRICS_PORT: variables.METRICS_PORT.about,
  API_METRICS_PORT: variables.API_METRICS_PORT.about,
};

/** The settings of `npm start`: its own, and those that it passes on to the API and the worker. */
export const startSettings = {
  DATA_DIR: 'the folder of data and logs, .data by default',
  SAMPLE_PAST: 'whether the sample data begins with the last 30 days; on by default',
  ...portSettings,
  ...describeSettings(),
};

export type Ports = Record<keyof typeof defaultPorts, number>;

/** Reads the ports. @throws one error that names every variable whose value is not a port */
export function readPorts(env: NodeJS.ProcessEnv): Ports {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  const ports = names.map((name) => [name, Number(env[name] || defaultPorts[name])] as const);
  const wrong = ports.filter(([, port]) => !(Number.isInteger(port) && port >= 1 && port <= 65_535));
  if (wrong.length > 0) {
    throw new Error(
      wrong.map(([name]) => `${name} must be a port from 1 to 65535, not "${env[name]}"`).join('\n'),
    );
  }
  return Object.fromEntries(ports) as Ports;
}

/** Chooses a free port for every variable that the environment does not set. */
export async function chooseFreePorts(env: NodeJS.ProcessEnv): Promise<Record<keyof Ports, string>> {
  const chosen: Partial<Record<keyof Ports, string>> = {};
  for (const name of Object.keys(defaultPorts) as (keyof Ports)[]) {
    chosen[name] = env[name] || String(await freePort());
  }
  return chosen as Record<keyof Ports, string>;
}

/** The parts that run on this machine: true unless the environment names an external one. */
export interface EmbeddedParts {
  postgres: boolean;
  temporal: boolean;
  outbox: boolean;
}

export function readEmbeddedParts(env: NodeJS.ProcessEnv): EmbeddedParts {
  return {
    postgres: !env['DATABASE_URL'],
    temporal: !env['TEMPORAL_ADDRESS'],
    outbox: !env['TWILIO_ACCOUNT_SID'],
  };
}

/** The database with each of its users; in an external one, the environment names the others. */
export interface DatabaseUrls {
  databaseUrl: string;
  migrationDatabaseUrl?: string;
  retentionDatabaseUrl?: string;
  analyticsDatabaseUrl?: string;
}

/** Addresses of the database and of Temporal, embedded or external. */
export interface PartAddresses extends DatabaseUrls {
  temporalAddress: string;
}

export interface PartSettings {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  ports: Ports;
  secrets: Secrets;
  embedded: EmbeddedParts;
  addresses: PartAddresses;
}

/**
 * Variables for the processes of `npm start`: those of the environment, and those that belong to the embedded parts. The
 * mailbox's credentials come last, so that real credentials never reach the fakes.
 */
export function partVariables(settings: PartSettings): Record<string, string> {
  const { dataDir, env, ports, secrets, embedded, addresses } = settings;
  const chosen = Object.keys(variables).flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  // AWS credentials are passed on only when mail goes to the real SES
  const passedOn = embedded.outbox ? /^TEMPORAL_/ : /^(TEMPORAL|AWS)_/;
  const connection = Object.entries(env).filter(([name, value]) => value && passedOn.test(name));
  return {
    NODE_ENV: 'production',
    LISTEN_HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${ports.PORT}`,
    LINK_SECRET: secrets.linkSecret,
    MASTER_KEY: secrets.masterKey,
    FEEDS_KEY: secrets.feedsKey,
    VAPID_PUBLIC_KEY: secrets.vapidPublicKey,
    VAPID_PRIVATE_KEY: secrets.vapidPrivateKey,
    VAPID_SUBJECT: 'mailto:ops@example.org',
    // sample agents, and people who try the service, get texts without confirming a code first
    REQUIRE_CONFIRMED_PHONE: 'off',
    CONFIRM_CONSUMER_CONTACT: 'off',
    // and at any hour
    TEXT_HOURS: 'always',
    // the mailbox takes mail at any rate, and the sample agents are invited at once
    ...(embedded.outbox && { MAIL_RATE: '1000 per second' }),
    ...(Object.fromEntries(connection) as Record<string, string>),
    ...Object.fromEntries(chosen),
    DATA_DIR: dataDir,
    PORT: String(ports.PORT),
    METRICS_PORT: String(ports.METRICS_PORT),
    API_METRICS_PORT: String(ports.API_METRICS_PORT),
    DATABASE_URL: addresses.databaseUrl,
    ...(addresses.migrationDatabaseUrl && { MIGRATION_DATABASE_URL: addresses.migrationDatabaseUrl }),
    ...(addresses.retentionDatabaseUrl && { RETENTION_DATABASE_URL: addresses.retentionDatabaseUrl }),
    ...(addresses.analyticsDatabaseUrl && { ANALYTICS_DATABASE_URL: addresses.analyticsDatabaseUrl }),
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    ...(embedded.outbox ? mailboxVariables(ports, secrets) : {}),
  };
}

function mailboxVariables({ PORT, OUTBOX_PORT }: Ports, secrets: Secrets): Record<string, string> {
  const address = `http://127.0.0.1:${OUTBOX_PORT}`;
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:ses-events';
  return {
    OUTBOX_PORT: String(OUTBOX_PORT),
    SES_TOPIC_ARN: topicArn,
    SNS_ENDPOINT: address,
    SES_NOTIFICATION_URL: `http://127.0.0.1:${PORT}/v1/webhooks/ses`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'outbox',
    AWS_SECRET_ACCESS_KEY: 'outbox',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    SES_ENDPOINT: address,
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: address,
    PUSH_ENDPOINT: address,
    DATA_CATALOG_URL: address,
    NIPR_URL: `${address}/pdb-xml-reports`,
    NIPR_USERNAME: 'outbox',
    NIPR_PASSWORD: 'outbox',
  };
}
