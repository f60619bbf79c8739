import { z } from 'zod';
import { databaseVariables } from './database-variables.ts';
import { limitVariables } from './limit-variables.ts';
import { policyVariables } from './policy-variables.ts';
import { sessionVariables } from './session-variables.ts';
import {
  bulkShare,
  count,
  durationWithUnit,
  key,
  masterKeys,
  matching,
  origin,
  port,
  rate,
  read,
  secret,
  url,
  variable,
} from './variable-kinds.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Variables of connections and ports. */
const connections = {
  LISTEN_HOST: variable(z.string().default('0.0.0.0'), 'the address that the API listens on', '127.0.0.1'),
  PORT: variable(port('3000'), 'the port of the portal and API', '3000'),
  METRICS_HOST: variable(
    z.string().default('127.0.0.1'),
    'the address that serves metrics and the health of the worker; 0.0.0.0 for a scraper on another machine',
    '0.0.0.0',
  ),
  METRICS_PORT: variable(port('9464'), "the port of the worker's metrics and health", '9464'),
  API_METRICS_PORT: variable(port('9465'), "the port of the API's metrics", '9465'),
  PUBLIC_URL: variable(origin(), 'the public address of the portal and API', 'https://help.example.org'),
  LOG_LEVEL: variable(
    z.enum(levels, `must be one of ${levels.join(', ')}`).default('info'),
    'the least severe log line that is written',
    'info',
  ),
  ...databaseVariables,
  TEMPORAL_ADDRESS: variable(
    matching(/^[^\s/]+:\d+$/, 'must be host:port'),
    'the Temporal server',
    'temporal.example.org:7233',
  ),
  TEMPORAL_NAMESPACE: variable(
    matching(/^\S+$/, 'must be a name without spaces').default('default'),
    'the Temporal namespace',
    'default',
  ),
  CONNECT_TIMEOUT: variable(
    durationWithUnit('10 seconds'),
    'how long a process waits for Postgres and Temporal when it starts',
    '10 seconds',
  ),
  RELAY_TICK: variable(
    durationWithUnit('5 seconds'),
    'how often the outbox is read when no commit announces a message',
    '5 seconds',
  ),
  AUDIT_GRACE: variable(
    durationWithUnit('2 minutes'),
    'how long a row and its workflow may differ before the audit reports it: Temporal lists workflows with a delay',
    '2 minutes',
  ),
  AUDIT_OUTBOX_AFTER: variable(
    durationWithUnit('10 minutes'),
    'how long a message may wait in the outbox before the audit reports it',
    '10 minutes',
  ),
  AUDIT_RESTART_AFTER: variable(
    durationWithUnit('24 hours'),
    'how long the audit waits before it restarts a workflow that failed again after a restart',
    '24 hours',
  ),
  CLEANUP_TICK: variable(
    durationWithUnit('1 minute'),
    'how often data past its retention is deleted',
    '1 minute',
  ),
  AVAILABILITY_TICK: variable(
    durationWithUnit('5 seconds'),
    "how often agents' availability is updated",
    '5 seconds',
  ),
};

/** Variables of the providers that carry messages, and the keys of links and feeds. */
const providers = {
  MAIL_FROM: variable(
    matching(/^[^@<>]*<?[^@\s<>]+@[^@\s<>]+>?$/, 'must be an email address, with or without a name').default(
      'Help On Demand <noreply@helpondemand.com>',
    ),
    'the sender of every email',
    'Help On Demand <noreply@helpondemand.com>',
  ),
  MAIL_RATE: variable(
    rate('14 per second'),
    'the rate at which SES takes mail from the account, its MaxSendRate, such as 14 per second',
    '14 per second',
  ),
  BULK_MAIL_SHARE: variable(
    z.string().default('70 %').pipe(read(bulkShare)),
    'the largest share of MAIL_RATE that mail to very many agents may use; the rest is kept for offers, codes and answers',
    '70 %',
  ),
  AWS_REGION: variable(
    matching(/^[a-z]+(-[a-z0-9]+)+$/, 'must be an AWS region'),
    'the region of SES',
    'us-east-1',
  ),
  SES_ENDPOINT: variable(url().optional(), 'an endpoint in place of SES itself', 'http://127.0.0.1:3025'),
  SES_CONFIGURATION_SET: variable(
    matching(/^[\w-]{1,64}$/, 'must be the name of a configuration set').optional(),
    "the SES configuration set that publishes delivery events, unless it is the sender's default",
    'help-on-demand',
  ),
  SES_TOPIC_ARN: variable(
    matching(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
      'must be the ARN of an SNS topic',
    ),
    'the SNS topic to which SES publishes bounces, complaints and deliveries',
    'arn:aws:sns:us-east-1:000000000000:ses-events',
  ),
  SNS_ENDPOINT: variable(
    origin().optional(),
    'an address in place of SNS itself, whose signing certificates are trusted',
    'http://127.0.0.1:3025',
  ),
  WEBHOOK_MAX_AGE: variable(
    durationWithUnit('1 hour'),
    'the age up to which a message of SNS is accepted',
    '1 hour',
  ),
  TWILIO_ACCOUNT_SID: variable(
    matching(/^AC[0-9a-f]{32}$/i, 'must be AC and 32 hexadecimal digits'),
    'the Twilio account',
    'AC00000000000000000000000000000000',
  ),
  TWILIO_AUTH_TOKEN: secret(
    key(),
    "the Twilio account's token, which also signs webhooks",
    'a 32-character token',
  ),
  TWILIO_FROM: variable(
    matching(
      /^(\+[1-9]\d{7,14}|\d{5,6}|MG[0-9a-f]{32})$/i,
      'must be an E.164 number, a short code or a messaging service (MG…), because nobody can reply to a name',
    ),
    'the sender of every text, which receives replies',
    '+15005550006',
  ),
  TWILIO_VOICE_FROM: variable(
    matching(/^\+[1-9]\d{7,14}$/, 'must be an E.164 number').optional(),
    'the number that calls phones which cannot receive texts; by default TWILIO_FROM, if that is a number',
    '+15005550006',
  ),
  TWILIO_BASE_URL: variable(
    url().optional(),
    'an endpoint in place of Twilio itself',
    'http://127.0.0.1:3025',
  ),
  VAPID_PUBLIC_KEY: variable(
    matching(/^[\w-]{87}$/, 'must be a VAPID public key (87 characters, base64url)'),
    'the public half of the key that signs pushes',
    'the publicKey of `npx web-push generate-vapid-keys`',
  ),
  VAPID_PRIVATE_KEY: secret(
    matching(/^[\w-]{43}$/, 'must be a VAPID private key (43 characters, base64url)'),
    'the private half of the key that signs pushes',
    'the privateKey of `npx web-push generate-vapid-keys`',
  ),
  VAPID_SUBJECT: variable(
    matching(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must be a mailto: or https: address'),
    'the contact for push services that have a question about our pushes',
    'mailto:ops@example.org',
  ),
  PUSH_ENDPOINT: variable(
    origin().optional(),
    'a push service accepted in addition to the well-known ones',
    'http://127.0.0.1:3025',
  ),
  DATA_CATALOG_URL: variable(
    url().optional(),
    'the data catalog that publishes the Registration Completion List; without it no list is pulled',
    'https://data.healthcare.gov',
  ),
  DATA_CATALOG_DATASET: variable(
    matching(/^[\w-]{1,64}$/, 'must be the id of a dataset').default('wb6u-x2ny'),
    'the dataset of the Registration Completion List',
    'wb6u-x2ny',
  ),
  PULL_EVERY: variable(durationWithUnit('6 hours'), 'how often the data catalog is checked', '6 hours'),
  REVIEW_EVERY: variable(durationWithUnit('1 hour'), 'how often every open onboarding is reviewed', '1 hour'),
  AUDIT_EVERY: variable(
    durationWithUnit('5 minutes'),
    'how often the audit compares Postgres with Temporal',
    '5 minutes',
  ),
  NIPR_URL: variable(
    url().optional(),
    "the address of NIPR's PDB XML reports; without it no license is looked up",
    'https://pdb-xml-reports.api.nipr.com/pdb-xml-reports',
  ),
  NIPR_USERNAME: variable(
    matching(/^[^\s:]+$/, 'must be a name without spaces and colons').optional(),
    'the NIPR account',
    'help-on-demand',
  ),
  NIPR_PASSWORD: secret(z.string().optional(), "the NIPR account's password", 'a password'),
  LINK_SECRET: secret(key(), 'the key that signs links', 'the output of `openssl rand -hex 32`'),
  MASTER_KEY: secret(
    read(masterKeys).optional(),
    'the key that encrypts the contacts of consumers, and after commas earlier ones, which only decrypt',
    'the output of `openssl rand -base64 32`',
  ),
  FEEDS_KEY: secret(
    key(),
    'the key that uploads of feeds are sent with',
    'the output of `openssl rand -hex 32`',
  ),
};

/** Variables of the API's rate limits. */
const requestLimits = {
  PROXIES: variable(
    count('0', 0, 10),
    'how many proxies in front of the API are trusted to report client addresses',
    '1',
  ),
  RATE_LIMIT_REQUESTS: variable(
    // its window is a timer in memory, and none is longer
    rate('1200 per minute').refine(({ windowMs }) => windowMs < 2 ** 31, 'must be a rate of at most 24 days'),
    'how many requests one network may make to one API process, not counting pages and files of the portal',
    '1200 per minute',
  ),
  RATE_LIMIT_LOG_IN: variable(
    rate('10 per 15 minutes'),
    'how many wrong passwords are accepted for one username from one network, or from a device that has logged in with it',
    '10 per 15 minutes',
  ),
  RATE_LIMIT_LOG_IN_USERNAME: variable(
    rate('20 per 5 minutes'),
    'how many wrong passwords from unknown devices are accepted for one username without a wait, and the longest wait of each later one',
    '20 per 5 minutes',
  ),
  RATE_LIMIT_LOG_IN_ADDRESS: variable(
    rate('100 per 15 minutes'),
    'how many wrong passwords are accepted from one network',
    '100 per 15 minutes',
  ),
  RATE_LIMIT_RENEWALS: variable(
    rate('30 per hour'),
    'how many renewals of an invitation one network may ask for',
    '30 per hour',
  ),
  RATE_LIMIT_INTAKE: variable(
    rate('120 per hour'),
    'how many requests for help one network may send',
    '120 per hour',
  ),
  RATE_LIMIT_INTAKE_CONTACT: variable(
    rate('20 per hour'),
    'how many requests for help are accepted for one phone number or email address',
    '20 per hour',
  ),
  RATE_LIMIT_CONTACT_CODES: variable(
    rate('5 per hour'),
    'how many messages with a code or a link strangers can cause to one phone number or email address',
    '5 per hour',
  ),
  RATE_LIMIT_CONTACT_CODES_DAY: variable(
    rate('15 per 24 hours'),
    'how many of these messages in a day',
    '15 per 24 hours',
  ),
  RATE_LIMIT_PHONE_CODES: variable(
    rate('5 per hour'),
    'how many phone codes one agent may ask for',
    '5 per hour',
  ),
  RATE_LIMIT_TEST_OFFERS: variable(
    rate('3 per hour'),
    'how many test offers one agent may send themselves',
    '3 per hour',
  ),
  RATE_LIMIT_AGENT_REQUESTS: variable(
    rate('5 per 24 hours'),
    'how many mails are sent for one NPN when somebody asks for its status or username',
    '5 per 24 hours',
  ),
  RATE_LIMIT_AGENT_REQUESTS_NETWORK: variable(
    rate('30 per hour'),
    'how many such requests one network may send',
    '30 per hour',
  ),
  RATE_LIMIT_PASSWORD_RESETS: variable(
    rate('10 per 24 hours'),
    'how many mails with a link to a new password are sent for one username, when they are asked for on unknown devices',
    '10 per 24 hours',
  ),
  RATE_LIMIT_PASSWORD_RESETS_NETWORK: variable(
    rate('30 per hour'),
    'how many such links one network may ask for',
    '30 per hour',
  ),
};

/** Every variable that the service reads, by name. */
export const variables = {
  ...connections,
  ...limitVariables,
  ...providers,
  ...requestLimits,
  ...sessionVariables,
  ...policyVariables,
};

/** Names of the rate limit variables. */
export const requestLimitVariables = Object.keys(requestLimits) as (keyof typeof requestLimits)[];

export type VariableName = keyof typeof variables;

/** Former names of variables, each with the name that replaced it. */
export const renamedVariables = {
  DUTY_TICK: 'AVAILABILITY_TICK',
  TIDY_TICK: 'CLEANUP_TICK',
} as const satisfies Record<string, VariableName>;

/** The parsed value of each variable. */
export type VariableValues = { [Name in VariableName]: z.output<(typeof variables)[Name]['schema']> };
