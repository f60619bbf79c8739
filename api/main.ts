import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLineTypeLookup } from '../activities/notifications/senders/line-type.ts';
import { isAllowedEndpoint, knownPushHosts } from '../activities/notifications/senders/push-endpoint.ts';
import { sendTimeouts } from '../activities/notifications/senders/timeouts.ts';
import { updateLimitMs } from '../domain/time-limits.ts';
import { readCommandLine } from '../runtime/command-line.ts';
import { checkPostgresConnection } from '../runtime/connection-checks.ts';
import { createDatabase, createPool, importLimits } from '../runtime/database.ts';
import { completeEnvironment } from '../runtime/environment.ts';
import { startInternalServer } from '../runtime/internal-server.ts';
import { createLog } from '../runtime/log.ts';
import { closeAll, runProcess } from '../runtime/run-process.ts';
import { describeSettings, readSettings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/stop-signals.ts';
import { connectTemporal } from '../runtime/temporal.ts';
import type { DB } from '../store/database/schema.ts';
import { openKeyring } from '../store/encryption/keyring.ts';
import { toMasterKeys } from '../store/encryption/master-keys.ts';
import { createApp } from './app.ts';
import { createApiMetrics } from './http/metrics.ts';
import { startChangeFeed } from './http/streams/change-feed.ts';
import { createLiveEvents } from './http/streams/live-events.ts';
import { heartbeatMs } from './schemas/heartbeat.ts';
import { startServer } from './server.ts';

/** Connections for feed imports. Imports of one kind run one after another, so more would only wait. */
const feedConnections = 4;
/** Milliseconds between two reads of what has changed, for all streams together. */
const readChangesEveryMs = 100;
/** A stop waits longer than the timeout of an update; a slow upload gets five minutes. */
const serverTimes = { drainMs: 15_000, requestTimeoutMs: 300_000 };

const command = {
  name: 'npm run api',
  about: 'Serves the API and the portal until it is stopped. Needs the build.',
  settings: describeSettings('api'),
  exitCodes: {
    0: 'it was stopped and has answered its requests',
    1: 'it could not start, or failed; standard error says why',
    130: 'a second Ctrl-C ended it before its requests were answered',
  },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'api');
  const log = createLog('api', { level: settings.logLevel });
  const onIdleError = (error: Error) => log.warn({ err: error }, 'Idle Postgres connection lost');
  const { databaseUrl, databasePoolSize: poolSize, databaseLimits: limits, twilio, push } = settings;
  const db = createDatabase<DB>(databaseUrl, { poolSize, name: 'help-on-demand api', limits, onIdleError });
  await checkPostgresConnection(databaseUrl, settings.connectTimeoutMs);
  const keyring = await openKeyring(db, toMasterKeys(settings.masterKeys));
  const feedsPool = createPool(databaseUrl, {
    poolSize: feedConnections,
    name: 'help-on-demand feeds',
    limits: importLimits(settings.importTimeoutMs),
    onIdleError,
  });
  const events = createLiveEvents({ tickMs: heartbeatMs });
  const liveDb = createDatabase<DB>(databaseUrl, {
    poolSize: 1,
    limits,
    name: 'help-on-demand live events',
    onIdleError,
  });
  const changeFeed = startChangeFeed({ db: liveDb, events, everyMs: readChangesEveryMs, log });
  const app = createApp({
    db,
    feedsPool,
    temporal: connectTemporal(settings.temporal),
    keyring,
    settings: { ...settings, pushPublicKey: push.publicKey, updateTimeoutMs: updateLimitMs },
    log,
    events,
    lineTypeLookup: createLineTypeLookup({ ...twilio, timeouts: sendTimeouts }),
    isPushEndpoint: (endpoint) => isAllowedEndpoint(endpoint, knownPushHosts, push.endpoint),
    ...findPortalFolder(),
  });
  const { host, port, metricsHost, apiMetricsPort } = settings;
  const server = await startServer({ app, events, host, port, log, ...serverTimes });
  const internalServer = await startInternalServer({
    host: metricsHost,
    port: apiMetricsPort,
    metrics: createApiMetrics(events),
  });
  log.info({ signal: await listenForStop().received }, 'API stopping: no new requests');
  await server.stop();
  await internalServer.close();
  // the Temporal connection is left to the end of the process: closing it while a call is being retried would throw
  await closeAll([changeFeed.stop().then(() => liveDb.destroy()), db.destroy(), feedsPool.end()]);
});

/** Finds the built portal: beside the compiled code, or in `dist/` when running from the sources. */
function findPortalFolder(): { portalFolder?: string } {
  const folders = ['../portal/', '../dist/portal/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const portalFolder = folders.find(
    (folder) => existsSync(`${folder}index.html`) && existsSync(`${folder}assets`),
  );
  return portalFolder ? { portalFolder } : {};
}
