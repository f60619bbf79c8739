import { resolve } from 'node:path';
import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { runProcess } from '../../runtime/run-process.ts';
import { generateFeeds } from './generate.ts';

const command = {
  name: 'npm run sample',
  about: 'Writes the four sample feeds to a folder. The same options always give the same bytes.',
  args: { DIRECTORY: { about: 'the folder, which is created if it does not exist' } },
  options: {
    agents: { type: 'string', default: '1000', about: 'how many agents' },
    seed: { type: 'string', default: '1', about: 'a whole number; another one gives other people' },
    'as-of': {
      type: 'string',
      about: 'the day on which the feeds were made, as YYYY-MM-DD; today by default',
    },
  },
  exitCodes: { 0: 'the files are written', 1: 'it failed; standard error says why' },
} as const;

/** Writes sample feeds of any size in constant memory. */
await runProcess(async () => {
  const { values, args } = readCommandLine(command);
  const [directory = ''] = args;
  const [agents, seed] = [Number(values.agents), Number(values.seed)];
  const asOf = values['as-of'];
  if (!Number.isSafeInteger(agents) || agents < 0)
    refuseCommandLine(command, '--agents is not a whole number');
  if (!Number.isSafeInteger(seed)) refuseCommandLine(command, '--seed is not a whole number');
  if (asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(asOf))
    refuseCommandLine(command, '--as-of is not a day such as 2026-11-01');
  const files = await generateFeeds({ directory: resolve(directory), seed, agents, asOf });
  for (const { path, rows } of Object.values(files)) process.stdout.write(`${path}  ${rows} rows\n`);
});
