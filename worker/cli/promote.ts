import { checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { promote } from '../deployment/deployment.ts';
import { readBuildId } from '../deployment/version.ts';

/** `npm run promote`: makes this build the current worker version, which gets the work. Safe to repeat. */
await runProcess(async () => {
  const settings = readSettings(completeEnvironment(process.env), 'promote');
  const client = connectTemporal(settings.temporal);
  try {
    await checkTemporalConnection(client, settings.temporal.address, settings.connectTimeoutMs);
    const buildId = readBuildId();
    await promote(client, { buildId, timeoutMs: 60_000 });
    createLog('promote', { level: settings.logLevel }).info({ buildId }, 'Worker version promoted');
  } finally {
    await client.connection.close();
  }
});
