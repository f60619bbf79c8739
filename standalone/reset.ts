import { existsSync, rmSync } from 'node:fs';
import { dataFolder, readEnvFile } from '../runtime/environment.ts';
import { ignoreClosedOutput } from '../runtime/stop-signals.ts';
import { secretsFile } from './secrets.ts';
import { projectFolder } from './services/programs.ts';
import { endEverything } from './take-over.ts';

/** `npm run reset`: ends what runs on the data folder and clears it. */
async function main(): Promise<void> {
  const dataDir = dataFolder({ ...readEnvFile(projectFolder), ...process.env }, projectFolder);
  if (!existsSync(dataDir)) return say(`There is nothing to clear at ${dataDir}`);
  // DATA_DIR may be set to anything: a folder that npm start did not make is left alone.
  if (!existsSync(secretsFile(dataDir))) {
    say(`${dataDir} was not made by npm start: it is left as it is`);
    process.exitCode = 1;
    return;
  }
  await endEverything(dataDir, say);
  rmSync(dataDir, { recursive: true });
  say(`Cleared ${dataDir}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

ignoreClosedOutput();
await main();
