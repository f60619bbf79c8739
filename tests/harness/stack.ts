import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import pg from 'pg';
import { createNiprLookup } from '../../activities/feeds/registries/nipr.ts';
import { createActivities } from '../../activities/index.ts';
import { createEmailSender } from '../../activities/notifications/senders/email.ts';
import { createLineTypeLookup } from '../../activities/notifications/senders/line-type.ts';
import { createPushSender } from '../../activities/notifications/senders/push.ts';
import { createTextSender } from '../../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../../activities/notifications/senders/timeouts.ts';
import { statusCallbacks } from '../../activities/notifications/senders/twilio-client.ts';
import { createVoiceSender } from '../../activities/notifications/senders/voice.ts';
import { createApp } from '../../api/app.ts';
import { startChangeFeed } from '../../api/http/streams/change-feed.ts';
import { createLiveEvents } from '../../api/http/streams/live-events.ts';
import { heartbeatMs } from '../../api/schemas/heartbeat.ts';
import { startServer } from '../../api/server.ts';
import { defaultSessionPolicy } from '../../domain/accounts/session-policy.ts';
import type { Policy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import { createLog } from '../../runtime/log.ts';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import { createMailbox } from '../../standalone/fakes/mailbox/mailbox.ts';
import { freePort } from '../../standalone/services/ports.ts';
import type { DB } from '../../store/database/schema.ts';
import { createActivityFailureRecorder } from '../../worker/activity-failures.ts';
import { startAvailabilityLoop } from '../../worker/loops/availability-loop.ts';
import { startRelay } from '../../worker/outbox/relay.ts';
import { baseWorkerOptions, bulkWorkerOptions, runTogether } from '../../worker/worker.ts';
import { createWorkflowStatusReader } from '../../worker/workflow-status.ts';
import { aPolicy } from './activity-harness.ts';
import { keyring } from './keyring.ts';
import { quietSdk } from './quiet-sdk.ts';
import { createTestDatabase } from './servers/postgres.ts';
import { getSharedServer } from './servers/shared-servers.ts';
import { connectTestTemporal } from './servers/temporal-dev-server.ts';

// the fake mailbox wants credentials as SES does, and accepts any
process.env['AWS_ACCESS_KEY_ID'] ??= 'outbox';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'outbox';
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
quietSdk();

const minute = 60_000;
const topicArn = 'arn:aws:sns:us-east-1:000000000000:ses-events';

export type Stack = Awaited<ReturnType<typeof startStack>>;

/**
 * Starts the whole service in this process on the real servers of this Jest run: API, worker, relay, fake mailbox and its
 * own database. Its log lines are saved, so that a test can check what they must not contain.
 */
export async function startStack(
  changes: Partial<Policy> = {},
  {
    portalFolder,
    bulkPerSecond = 1_000,
    host = '127.0.0.1',
  }: { portalFolder?: string; bulkPerSecond?: number; host?: '127.0.0.1' | 'localhost' } = {},
) {
  const policy = aPolicy({
    termsReminderAfterMs: [24 * 60 * minute],
    phoneCheckAfterMs: [15 * minute],
    licenseLookupAfterMs: [],
    ...changes,
  });
  const database = await createTestDatabase();
  const temporal = await connectTestTemporal();
  const { codePath } = await getSharedServer('workflowBundle');
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  const secrets = {
    linkSecret: randomUUID().repeat(2),
    feedsKey: randomUUID(),
    twilioAuthToken: randomUUID(),
  };
  const port = await freePort();
  const apiUrl = `http://${host}:${port}`;
  const webhookUrl = (path: string) => `${apiUrl}/v1/webhooks/${path}`;
  const mailbox = createMailbox({
    stepMs: 300,
    maxMessages: 10_000,
    twilioAuthToken: secrets.twilioAuthToken,
    dataDir: folder,
    sesTopicArn: topicArn,
    sesNotificationUrl: () => webhookUrl('ses'),
    twilioMessagesUrl: () => webhookUrl('twilio/messages'),
  });
  const mailboxUrl = await mailbox.listen(0);
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line: string) => void lines.push(line) } });
  const db = createDatabase<DB>(database.url);
  const feedsPool = new pg.Pool({ connectionString: database.url, max: 2 });
  const liveDb = createDatabase<DB>(database.url, { poolSize: 1, name: 'help-on-demand live events' });
  const vapid = vapidKeys();
  const account = {
    accountSid: 'AC00000000000000000000000000000001',
    authToken: secrets.twilioAuthToken,
    from: '+15005550006',
    baseUrl: mailboxUrl,
    timeouts: sendTimeouts,
  };

  const settings = {
    publicUrl: apiUrl,
    ...secrets,
    policy,
    sessions: defaultSessionPolicy,
    securityContact: 'mailto:security@example.org',
    pushPublicKey: vapid.publicKey,
    updateTimeoutMs: 10_000,
    webhooks: {
      topicArn,
      snsOrigin: mailboxUrl,
      maxAgeMs: 60 * minute,
      twilioAuthToken: secrets.twilioAuthToken,
    },
  };
  const startApi = async (pages: string | undefined) => {
    const events = createLiveEvents({ tickMs: heartbeatMs });
    const changeFeed = startChangeFeed({ db: liveDb, events, everyMs: 20, log });
    const app = createApp({
      db,
      feedsPool,
      temporal: temporal.client,
      keyring,
      settings,
      log,
      events,
      portalFolder: pages,
      lineTypeLookup: createLineTypeLookup(account),
      isPushEndpoint: (endpoint) => endpoint.startsWith(mailboxUrl),
    });
    const limits = { drainMs: 15_000, requestTimeoutMs: 300_000 };
    const server = await startServer({ app, events, host: '127.0.0.1', port, log, ...limits });
    return async () => {
      await server.stop();
      await changeFeed.stop();
    };
  };
  let stopApi = await startApi(portalFolder);

  const callbackOptions = { publicUrl: apiUrl, isTwilioItself: false };
  const activities = createActivities({
    db,
    backgroundDb: db,
    keyring,
    policy,
    linkSecret: secrets.linkSecret,
    publicUrl: apiUrl,
    log,
    now: () => new Date(),
    lineTypeOf: createLineTypeLookup(account),
    // called only where a test's policy schedules look-ups
    licensesOf: createNiprLookup({
      url: `${mailboxUrl}/pdb-xml-reports`,
      username: 'hod',
      password: 'outbox',
      timeoutMs: 10_000,
    }),
    workflowStatus: createWorkflowStatusReader(temporal.client, temporal.taskQueue),
    rules: 'tests',
    audit: { graceMs: 1_000, maxOutboxAgeMs: minute, restartCooldownMs: 1_000 },
    senders: {
      email: createEmailSender({
        region: 'us-east-1',
        endpoint: mailboxUrl,
        from: 'noreply@helpondemand.com',
        timeouts: sendTimeouts,
      }),
      text: createTextSender({
        ...account,
        statusCallbackUrl: statusCallbacks({ ...callbackOptions, of: 'texts' }),
      }),
      voice: createVoiceSender({
        ...account,
        statusCallbackUrl: statusCallbacks({ ...callbackOptions, of: 'calls' }),
      }),
      push: createPushSender({ vapid, fakeOrigin: mailboxUrl, timeouts: sendTimeouts }),
    },
  });
  const startWorker = async () => {
    const { nativeConnection: connection, namespace, taskQueue } = temporal;
    const common = { connection, namespace, shutdownGraceTime: '1 second' } as const;
    const failures = createActivityFailureRecorder({ db, log });
    const options = { activities, taskQueue, log, failures, bulkPerSecond };
    const workers = runTogether([
      await Worker.create({ ...baseWorkerOptions(options), workflowBundle: { codePath }, ...common }),
      await Worker.create({ ...bulkWorkerOptions(options), ...common }),
    ]);
    const running = workers.run();
    return async () => {
      workers.shutdown();
      await running;
    };
  };
  let stopWorker: (() => Promise<void>) | undefined = await startWorker();
  const relay = startRelay(
    { db, temporal: temporal.client, taskQueue: temporal.taskQueue, policy, log },
    { databaseUrl: database.url, tickMs: 500 },
  );
  const availability = startAvailabilityLoop({ db, policy, log }, { tickMs: 500 });

  return {
    apiUrl,
    mailboxUrl,
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    linkSecret: secrets.linkSecret,
    db,
    temporal: temporal.client,
    taskQueue: temporal.taskQueue,
    feedsKey: secrets.feedsKey,
    folder,
    log: lines,
    user: createHttpUser({ apiUrl, mailboxUrl }),
    /** Ends the worker, as a crash or a deployment does. Workflows stand still. */
    async stopWorker() {
      await stopWorker?.();
      stopWorker = undefined;
    },
    async startWorker() {
      stopWorker = await startWorker();
    },
    /** Puts another API with another build of the portal in the place of the running one, as a deployment does. */
    async replaceApi(pages: string) {
      await stopApi();
      stopApi = await startApi(pages);
    },
    async close() {
      await stopApi();
      await Promise.all([relay.stop(), availability.stop()]);
      await stopWorker?.();
      await Promise.all([db.destroy(), liveDb.destroy(), feedsPool.end(), temporal.close(), mailbox.close()]);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function vapidKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { publicKey: point.toString('base64url'), privateKey: d, subject: 'mailto:ops@example.org' };
}
