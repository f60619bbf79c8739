import { existsSync, rmSync } from 'node:fs';
import { readCommandLine } from '../runtime/command-line.ts';
import { dataFolder, readEnvFile } from '../runtime/environment.ts';
import { ignoreClosedOutput } from '../runtime/stop-signals.ts';
import { startSettings } from './part-settings.ts';
import { secretsFile } from './secrets.ts';
import { projectFolder } from './services/programs.ts';
import { endEverything } from './take-over.ts';

const command = {
  name: 'npm run reset',
  about: 'Stops what runs on the data folder of npm start, then deletes the folder.',
  settings: { DATA_DIR: startSettings.DATA_DIR },
  exitCodes: {
    0: 'there is no data folder any more',
    1: 'the folder was not created by npm start, and is kept',
  },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const dataDir = dataFolder({ ...readEnvFile(projectFolder), ...process.env }, projectFolder);
  if (!existsSync(dataDir)) return say(`Nothing to delete: ${dataDir} does not exist`);
  // DATA_DIR can be any folder; one that npm start did not create is not deleted
  if (!existsSync(secretsFile(dataDir))) {
    say(`Not deleted: ${dataDir} was not created by npm start`);
    process.exitCode = 1;
    return;
  }
  await endEverything(dataDir, say);
  rmSync(dataDir, { recursive: true });
  say(`Deleted ${dataDir}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

ignoreClosedOutput();
await main();
