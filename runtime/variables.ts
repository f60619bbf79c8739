import { z } from 'zod';
import {
  parseDistance,
  parseDurations,
  parsePeriod,
  parseSeasons,
  parseShare,
  parseWeeklyHours,
} from './units.ts';
import {
  count,
  durationWithUnit,
  isUrl,
  key,
  matching,
  origin,
  parsed,
  port,
  rate,
  toggle,
  url,
} from './variable-kinds.ts';

/** One environment variable: its parser, its purpose, an example, and whether its value must never be shown. */
interface Variable<T> {
  schema: z.ZodType<T, string | undefined>;
  about: string;
  example: string;
  secret?: true;
}

function variable<T>(schema: Variable<T>['schema'], about: string, example: string): Variable<T> {
  return { schema, about, example };
}

function secret<T>(schema: Variable<T>['schema'], about: string, example: string): Variable<T> {
  return { schema, about, example, secret: true };
}

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
  DATABASE_URL: secret(
    z.string().refine((text) => isUrl(text, ['postgres:', 'postgresql:']), 'must be a postgres:// URL'),
    'the Postgres database',
    'postgres://hod:password@db.example.org:5432/hod',
  ),
  DATABASE_POOL_SIZE: variable(count('10', 1, 500), 'the most connections that one process opens', '10'),
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
    durationWithUnit('15 seconds'),
    'how often the outbox is read when no commit announces a message',
    '15 seconds',
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
    rate('1200 per minute'),
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
  RATE_LIMIT_PHONE_CODES: variable(
    rate('5 per hour'),
    'how many phone codes one agent may ask for',
    '5 per hour',
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
};

/** Variables of the policy: every limit and window, each with its unit. */
const policy = {
  INVITATION_TTL: variable(
    durationWithUnit('48 hours'),
    "how long an invitation's link is valid",
    '48 hours',
  ),
  INVITATION_REMINDER_BEFORE: variable(
    durationWithUnit('12 hours'),
    'how long before its expiration the agent is reminded of an unused invitation',
    '12 hours',
  ),
  INVITATION_RETRY_AFTER: variable(
    parsed(
      parseDurations,
      'must be durations with their units, of at least 1 second, separated by commas, or none',
      '4 hours, 1 day, 3 days',
    ),
    'when an agent is invited again after an invitation failed at a good address: one duration for each failure; none for never',
    '4 hours, 1 day, 3 days',
  ),
  INVITATION_LATE_AFTER: variable(
    parsed(parsePeriod, 'must be a number of business days, or a duration with its unit', '2 business days'),
    'how long after training an agent without an invitation gets an explanation',
    '2 business days',
  ),
  END_WARNINGS: variable(
    parsed(
      parseDurations,
      'must be durations with their units, of at least 1 second, separated by commas, or none',
      '60 days, 30 days, 7 days',
    ),
    'how long before a registration or a license expires the agent is warned',
    '60 days, 30 days, 7 days',
  ),
  TERMS_REMINDERS: variable(
    parsed(
      parseDurations,
      'must be durations with their units, of at least 1 second, separated by commas, or none',
      '1 day, 3 days, 7 days',
    ),
    'when after registration an agent is reminded of the terms',
    '1 day, 3 days, 7 days',
  ),
  OFFER_WINDOW: variable(
    durationWithUnit('15 minutes'),
    'how long an agent has to answer an offer',
    '15 minutes',
  ),
  FOLLOW_UP_WINDOW: variable(
    durationWithUnit('60 minutes'),
    'how long after accepting an agent has to reach the consumer',
    '60 minutes',
  ),
  MIN_CONTACT_ATTEMPTS: variable(
    count('3', 1, 20),
    'how many times an agent must try to reach a consumer before returning the referral as not reached',
    '3',
  ),
  CONTACT_CORRECTION_WINDOW: variable(
    durationWithUnit('3 days'),
    'how long a referral whose number is wrong waits for the consumer to correct it',
    '3 days',
  ),
  MAX_DEFERRAL: variable(
    durationWithUnit('120 days'),
    'how far ahead an agent can postpone a referral',
    '120 days',
  ),
  OUTCOME_WINDOW: variable(
    durationWithUnit('30 days'),
    'how long after first contact the service waits for an outcome',
    '30 days',
  ),
  REFERRAL_BUDGET: variable(durationWithUnit('4 hours'), 'how long a referral looks for an agent', '4 hours'),
  MAX_OFFERS_PER_REFERRAL: variable(count('20', 1, 500), 'how many agents one referral is offered to', '20'),
  SERVICE_HOURS: variable(
    parsed(
      parseWeeklyHours,
      'must be always, or hours of days that do not overlap, separated by commas',
      'always',
    ),
    "when agents are looked for, in the consumer's time zone",
    'Mon-Fri 8:00-20:00, Sat-Sun 10:00-18:00',
  ),
  CLOSED_SEASONS: variable(
    parsed(
      parseSeasons,
      'must be none, or dates such as 2026-12-16 to 2027-01-04, separated by commas',
      'none',
    ),
    'days on which no agents are looked for, including the first and the last',
    '2026-12-16 to 2027-01-04',
  ),
  TEXT_HOURS: variable(
    parsed(
      parseWeeklyHours,
      'must be always, or hours of days that do not overlap, separated by commas',
      'Mon-Sun 8:00-20:00',
    ),
    'when consumers are texted, in their time zone; some states begin later',
    'Mon-Sun 8:00-20:00',
  ),
  CONFIRM_CONSUMER_CONTACT: variable(
    toggle('on'),
    'whether a consumer must confirm the phone or email address with a code before agents are asked',
    'on',
  ),
  UNCONFIRMED_TTL: variable(
    durationWithUnit('1 hour'),
    'how long a request waits to be confirmed before it is deleted',
    '1 hour',
  ),
  RECHECK_AFTER: variable(
    durationWithUnit('1 hour'),
    'how soon a referral that found no agent looks again, if nothing wakes it earlier',
    '1 hour',
  ),
  OPEN_OFFERS_PER_AGENT: variable(count('1', 1, 100), 'how many unanswered offers an agent may have', '1'),
  UNCONTACTED_REFERRALS_PER_AGENT: variable(
    count('3', 1, 100),
    'how many accepted referrals without first contact an agent may have',
    '3',
  ),
  NEAR_DISTANCE: variable(
    parsed(parseDistance, 'must be a distance in miles', '25 miles'),
    'the distance within which an agent counts as near',
    '25 miles',
  ),
  FARTHER_DISTANCE: variable(
    parsed(parseDistance, 'must be a distance in miles', '100 miles'),
    'the distance within which agents are asked before others of the state, if no near agent is available',
    '100 miles',
  ),
  PHONE_CHECK_AFTER: variable(
    parsed(
      parseDurations,
      'must be durations with their units, of at least 1 second, separated by commas, or none',
      '15 minutes, 1 hour, 6 hours, 1 day',
    ),
    'when the line type of a phone is looked up again after the lookup failed',
    '15 minutes, 1 hour, 6 hours, 1 day',
  ),
  LICENSE_LOOKUP_AFTER: variable(
    parsed(
      parseDurations,
      'must be durations with their units, of at least 1 second, separated by commas, or none',
      '1 hour, 4 hours, 12 hours, 1 day, 2 days',
    ),
    'when the licenses of an agent are looked up again while no feed has any',
    '1 hour, 4 hours, 12 hours, 1 day, 2 days',
  ),
  PHONE_CODE_TTL: variable(
    durationWithUnit('10 minutes'),
    'how long a code that confirms a phone is valid',
    '10 minutes',
  ),
  PHONE_CODE_TRIES: variable(count('5', 1, 20), 'how many wrong entries a code allows', '5'),
  REQUIRE_CONFIRMED_PHONE: variable(
    toggle('on'),
    'whether an agent gets texts only on a phone that was confirmed with a code',
    'on',
  ),
  MAX_REMOVED_SHARE: variable(
    parsed(parseShare, 'must be a share from 0 % to 100 %', '10 %'),
    "the largest share of a feed's rows that one release may remove",
    '10 %',
  ),
  MAX_BAD_SHARE: variable(
    parsed(parseShare, 'must be a share from 0 % to 100 %', '50 %'),
    "the largest share of a release's rows that may be bad",
    '50 %',
  ),
};

/** Every variable that the service reads, by name. */
export const variables = { ...connections, ...providers, ...requestLimits, ...policy };

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

/** Names of the policy variables. */
export const policyVariables = Object.keys(policy) as (keyof typeof policy)[];
