import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runProcess } from '../../runtime/run-process.ts';
import { generateFeeds } from './generate.ts';

const usage = `Usage: npm run sample -- DIRECTORY [--agents 1000] [--seed 1] [--as-of YYYY-MM-DD]
  Writes the four sample feeds to DIRECTORY. The same options always give the same bytes. The default date is today.
`;

/** `npm run sample`: writes sample feeds of any size in constant memory. */
await runProcess(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      agents: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      'as-of': { type: 'string' },
    },
  });
  const [directory] = positionals;
  const [agents, seed] = [Number(values.agents), Number(values.seed)];
  const asOf = values['as-of'];
  const isValid = Number.isSafeInteger(agents) && agents >= 0 && Number.isSafeInteger(seed);
  if (!directory || !isValid || (asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(asOf))) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const files = await generateFeeds({ directory: resolve(directory), seed, agents, asOf });
  for (const { path, rows } of Object.values(files)) process.stdout.write(`${path}  ${rows} rows\n`);
});
