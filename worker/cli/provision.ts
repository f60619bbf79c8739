import { checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { provision } from '../deployment/namespace.ts';
import { syncSchedules } from '../deployment/schedules.ts';

/** `npm run provision`: prepares the Temporal namespace and its schedules. Safe to repeat. */
await runProcess(async () => {
  const settings = readSettings(completeEnvironment(process.env), 'provision');
  const client = connectTemporal(settings.temporal);
  try {
    await checkTemporalConnection(client, settings.temporal.address, settings.connectTimeoutMs);
    await provision(client);
    await syncSchedules(client, settings.schedules);
    createLog('provision', { level: settings.logLevel }).info('Namespace provisioned');
  } finally {
    await client.connection.close();
  }
});
