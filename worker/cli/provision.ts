import { readCommandLine } from '../../runtime/command-line.ts';
import { checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { describeManualSteps } from '../deployment/manual-steps.ts';
import { provisionNamespace } from '../deployment/namespace.ts';
import { syncSchedules } from '../deployment/schedules.ts';

const command = {
  name: 'npm run provision',
  about:
    'Prepares the Temporal namespace, its search attributes and its schedules. Looks first, and changes only what differs. Safe to repeat. Needs the build.',
  settings: describeSettings('provision'),
  exitCodes: {
    0: 'the namespace and its schedules are as the settings say',
    1: 'it failed; standard error says why',
    3: 'something is left that may not be changed from here, as on Temporal Cloud; standard error has the commands',
  },
};

await runProcess(async () => {
  readCommandLine(command);
  const settings = readSettings(completeEnvironment(process.env), 'provision');
  const client = connectTemporal(settings.temporal);
  try {
    await checkTemporalConnection(client, settings.temporal.address, settings.connectTimeoutMs);
    const steps = await provisionNamespace(client);
    await syncSchedules(client, settings.schedules);
    if (steps.length === 0)
      return createLog('provision', { level: settings.logLevel }).info('Namespace provisioned');
    process.stderr.write(`${describeManualSteps(client.options.namespace, steps)}\n`);
    process.exitCode = 3;
  } finally {
    await client.connection.close();
  }
});
