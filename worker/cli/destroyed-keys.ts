import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { createLog } from '../../runtime/log.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { ignoreClosedOutput } from '../../runtime/stop-signals.ts';
import type { DB } from '../../store/database/schema.ts';
import { destroyedKeyFields, keyDestroyedMessage } from '../../store/encryption/destroyed-keys.ts';
import { openKeyring } from '../../store/encryption/keyring.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import {
  listDestroyedKeys,
  readDestroyedKeyLines,
  replayDestroyedKeys,
} from '../deployment/replay-destroyed-keys.ts';

const command = {
  name: 'npm run destroyed-keys',
  about:
    'A backup has the keys of its day, and with them consumers who were erased since. `list` prints the destroyed keys, ids ' +
    'alone, a JSON object a line: keep it outside of the database, like the logs, which have the same lines. `replay FILE` ' +
    'erases everyone on such a list, or in such logs, once more; run it over a restored database before API and worker ' +
    'start. Safe to repeat. Needs the build.',
  args: {
    ACTION: { about: 'what to do', oneOf: ['list', 'replay'] },
    '[FILE]': { about: 'for `replay`: the list, or the logs of API and worker; - for standard input' },
  },
  settings: describeSettings('destroyed-keys'),
  exitCodes: {
    0: 'the list is printed, or everyone on it is erased',
    1: 'it failed; standard error says why. What was erased stays erased, and it can be repeated',
  },
};

await runProcess(async () => {
  const { args } = readCommandLine(command);
  const [action, file] = args;
  if (action === 'replay' && file === undefined) refuseCommandLine(command, 'Missing: FILE');
  if (action === 'list' && file !== undefined) refuseCommandLine(command, `Unexpected: ${file}`);
  const settings = readSettings(completeEnvironment(process.env), 'destroyed-keys');
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'destroyed-keys' });
  try {
    if (file === undefined) {
      ignoreClosedOutput();
      for await (const destroyed of listDestroyedKeys(db))
        process.stdout.write(
          `${JSON.stringify({ ...destroyedKeyFields(destroyed), msg: keyDestroyedMessage })}\n`,
        );
      return;
    }
    const input = file === '-' ? process.stdin : createReadStream(file);
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    const list = await readDestroyedKeyLines(lines);
    const keyring = await openKeyring(db, toMasterKeys(settings.masterKeys));
    const erased = await replayDestroyedKeys(db, keyring, list);
    const log = createLog('destroyed-keys', { level: settings.logLevel });
    log.info({ listed: list.length, erased }, 'Destroyed keys replayed');
  } finally {
    await db.destroy();
  }
});
