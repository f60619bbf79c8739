import { readCommandLine } from '../../runtime/command-line.ts';
import { checkTemporalConnection } from '../../runtime/connection-checks.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { promote } from '../deployment/deployment.ts';
import { readBuildId } from '../deployment/version.ts';

const command = {
  name: 'npm run promote',
  about:
    'Makes the worker version of this build the current one, which gets the work. Safe to repeat. Needs the build, and a worker that runs it.',
  settings: describeSettings('promote'),
  exitCodes: { 0: 'this build is current', 1: 'it failed; standard error says why' },
};

await runProcess(async () => {
  readCommandLine(command);
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
