import { existsSync, rmSync } from 'node:fs';
import { dataFolder, readEnvFile } from '../runtime/environment.ts';
import { ignoreClosedOutput } from '../runtime/stop-signals.ts';
import { secretsFile } from './secrets.ts';
import { projectFolder } from './services/programs.ts';
import { endEverything } from './take-over.ts';

/** `npm run reset`: stops what runs on the data folder, then deletes the folder. */
async function main(): Promise<void> {
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
