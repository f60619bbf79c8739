import { DefaultLogger, Runtime } from '@temporalio/worker';
import { createDataCatalog } from '../activities/feeds/registries/data-catalog.ts';
import { createNiprLookup } from '../activities/feeds/registries/nipr.ts';
import { createActivities } from '../activities/index.ts';
import { createEmailSender } from '../activities/notifications/senders/email.ts';
import { createLineTypeLookup } from '../activities/notifications/senders/line-type.ts';
import { createPushSender } from '../activities/notifications/senders/push.ts';
import { createTextSender } from '../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../activities/notifications/senders/timeouts.ts';
import { statusCallbacks } from '../activities/notifications/senders/twilio-client.ts';
import { createVoiceSender } from '../activities/notifications/senders/voice.ts';
import { readCommandLine } from '../runtime/command-line.ts';
import { checkPostgresConnection, checkTemporalConnection } from '../runtime/connection-checks.ts';
import { createDatabase, createPool, importLimits } from '../runtime/database.ts';
import { completeEnvironment } from '../runtime/environment.ts';
import { startInternalServer } from '../runtime/internal-server.ts';
import { createLog } from '../runtime/log.ts';
import { closeAll, runProcess } from '../runtime/run-process.ts';
import { describeSettings, readSettings, type SettingsOf } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/stop-signals.ts';
import { connectTemporal } from '../runtime/temporal.ts';
import { ping } from '../store/database/connection.ts';
import { readConnectedUser } from '../store/database/rights.ts';
import type { DB } from '../store/database/schema.ts';
import { openKeyring } from '../store/encryption/keyring.ts';
import { toMasterKeys } from '../store/encryption/master-keys.ts';
import { taskQueue } from '../workflows/messages.ts';
import { createActivityFailureRecorder } from './activity-failures.ts';
import { assertWorkflowFormat } from './deployment/restart-workflows.ts';
import { ordersByPriority } from './deployment/server-version.ts';
import { readBuildId, readRulesVersion } from './deployment/version.ts';
import { warnOfExcessRights } from './excess-rights.ts';
import { startAgentMediansLoop } from './loops/agent-medians-loop.ts';
import { startAvailabilityLoop } from './loops/availability-loop.ts';
import { startCleanupLoop } from './loops/cleanup-loop.ts';
import { startWaitingTimesLoop } from './loops/waiting-times-loop.ts';
import { createWorkerMetrics } from './metrics.ts';
import { startRelay } from './outbox/relay.ts';
import { createWorkers } from './worker.ts';
import { createWorkflowStatusReader } from './workflow-status.ts';

/** Connections for the loops, the audit, the review and the metrics. */
const backgroundConnections = 5;
/** Connections for the relay, whose messages must not stand behind activities. */
const relayConnections = 4;

const command = {
  name: 'npm run worker',
  about:
    'Runs workflows and activities, drains the outbox, and runs the loops, until it is stopped. Needs the build. Temporal ' +
    'gives it no work before `npm run promote`.',
  settings: describeSettings('worker'),
  exitCodes: {
    0: 'it was stopped and has finished its work',
    1: 'it could not start, or failed; standard error says why',
    130: 'a second Ctrl-C ended it before its work was finished',
  },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'worker');
  // before anything is opened, because it throws if there is no workflow bundle
  const buildId = readBuildId();
  const log = createLog('worker', { level: settings.logLevel });
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => log.warn(entry.meta ?? {}, entry.message)),
    shutdownSignals: [],
  });
  const onIdleError = (error: Error) => log.warn({ err: error }, 'Idle Postgres connection lost');
  const db = createDatabase<DB>(settings.databaseUrl, {
    poolSize: settings.databasePoolSize,
    name: 'help-on-demand worker',
    limits: settings.databaseLimits,
    onIdleError,
  });
  // what nobody waits for takes longer, and takes no connection from what somebody waits for
  const backgroundDb = createDatabase<DB>(settings.databaseUrl, {
    poolSize: backgroundConnections,
    name: 'help-on-demand background',
    limits: settings.backgroundLimits,
    onIdleError,
  });
  const relayDb = createDatabase<DB>(settings.databaseUrl, {
    poolSize: relayConnections,
    name: 'help-on-demand outbox',
    limits: settings.databaseLimits,
    onIdleError,
  });
  // deletes and erases, which no other connection of this process may
  const retentionDb = createDatabase<DB>(settings.retentionDatabaseUrl, {
    poolSize: 1,
    name: 'help-on-demand retention',
    limits: settings.backgroundLimits,
    onIdleError,
  });
  // an import occupies one connection from beginning to end
  const importPool = createPool(settings.databaseUrl, {
    poolSize: 1,
    name: 'help-on-demand pull',
    limits: importLimits(settings.importTimeoutMs),
    onIdleError,
  });
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  await checkPostgresConnection(
    settings.retentionDatabaseUrl,
    settings.connectTimeoutMs,
    'RETENTION_DATABASE_URL',
  );
  warnOfExcessRights(log, await readConnectedUser(db));
  await assertWorkflowFormat(db);
  const keyring = await openKeyring(db, toMasterKeys(settings.masterKeys));
  const temporal = connectTemporal(settings.temporal);
  const { address } = settings.temporal;
  const serverVersion = await checkTemporalConnection(temporal, address, settings.connectTimeoutMs);
  if (!ordersByPriority({ address, serverVersion }))
    log.warn({ serverVersion }, 'Temporal ignores priorities, so consumers can wait behind feeds');
  const workers = await createWorkers({
    connectionOptions: settings.temporal.connectionOptions,
    namespace: settings.temporal.namespace,
    taskQueue,
    buildId,
    slots: settings.slots,
    bulkPerSecond: settings.bulkPerSecond,
    activities: createActivities({
      db,
      backgroundDb,
      keyring,
      senders: createSenders(settings),
      lineTypeOf: createLineTypeLookup({ ...settings.twilio, timeouts: sendTimeouts }),
      listSource: settings.dataCatalog && {
        catalog: createDataCatalog(settings.dataCatalog),
        pool: importPool,
        pageSize: 500,
        heartbeatEveryMs: 20_000,
      },
      workflowStatus: createWorkflowStatusReader(temporal, taskQueue),
      rules: readRulesVersion(settings.policy),
      licensesOf: settings.nipr && createNiprLookup({ ...settings.nipr, timeoutMs: 10_000 }),
      ...settings,
      log,
      now: () => new Date(),
    }),
    log,
    failures: createActivityFailureRecorder({ db, log }),
  });
  const internalServer = await startInternalServer({
    host: settings.metricsHost,
    port: settings.metricsPort,
    metrics: createWorkerMetrics(backgroundDb, settings.policy),
    async isReady() {
      await ping(db);
      return workers.isRunning();
    },
  });
  const relay = startRelay(
    { db: relayDb, temporal, taskQueue, policy: settings.policy, log },
    { databaseUrl: settings.databaseDirectUrl, tickMs: settings.relayTickMs },
  );
  const availability = startAvailabilityLoop(
    { db: backgroundDb, policy: settings.policy, log },
    { tickMs: settings.availabilityTickMs },
  );
  const cleanup = startCleanupLoop(
    { db: retentionDb, keyring, policy: settings.policy, log },
    { tickMs: settings.cleanupTickMs },
  );
  const waitingTimes = startWaitingTimesLoop({ db: backgroundDb, log });
  const agentMedians = startAgentMediansLoop({ db: backgroundDb, policy: settings.policy, log });
  void listenForStop().received.then((signal) => {
    log.info({ signal }, 'Worker draining');
    workers.shutdown();
  });
  log.info('Worker started');
  try {
    await workers.run();
  } finally {
    const loops = [relay, availability, cleanup, waitingTimes, agentMedians];
    await Promise.all(loops.map((loop) => loop.stop()));
    await internalServer.close();
    // the client of Temporal is left to the end of the process: closing it while a call is being retried would throw
    await closeAll([
      workers.close(),
      ...[db, backgroundDb, relayDb, retentionDb].map((one) => one.destroy()),
      importPool.end(),
    ]);
  }
});

function createSenders({ publicUrl, mail, twilio, push }: SettingsOf<'worker'>) {
  const timeouts = sendTimeouts;
  const callbacks = { publicUrl, isTwilioItself: !twilio.baseUrl };
  return {
    email: createEmailSender({ ...mail, timeouts }),
    text: createTextSender({
      ...twilio,
      timeouts,
      statusCallbackUrl: statusCallbacks({ ...callbacks, of: 'texts' }),
    }),
    voice: createVoiceSender({
      timeouts,
      ...twilio,
      from: twilio.voiceFrom,
      statusCallbackUrl: statusCallbacks({ ...callbacks, of: 'calls' }),
    }),
    push: createPushSender({
      timeouts,
      vapid: { publicKey: push.publicKey, privateKey: push.privateKey, subject: push.subject },
      fakeOrigin: push.endpoint ? new URL(push.endpoint).origin : undefined,
    }),
  };
}
