import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { reachTemporal } from '../../runtime/reach.ts';
import { run } from '../../runtime/run.ts';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { provision } from '../deployment/namespace.ts';
import { keepSchedules } from '../deployment/schedules.ts';

/** `npm run provision`: prepares the Temporal namespace and its schedules. Safe to repeat. */
await run(async () => {
  const settings = readSettings(completeEnvironment(process.env), 'provision');
  const client = connectTemporal(settings.temporal);
  try {
    await reachTemporal(client, settings.temporal.address, settings.connectTimeoutMs);
    await provision(client);
    await keepSchedules(client, settings.schedules);
    createLog('provision', { level: settings.logLevel }).info('The namespace is prepared.');
  } finally {
    await client.connection.close();
  }
});
