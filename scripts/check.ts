import { readCommandLine } from '../runtime/command-line.ts';
import { quickChecks, runCheck } from './checks.ts';

const command = {
  name: 'npm run check',
  about: 'Checks types, lint, format and import directions side by side, in under 30 seconds.',
  exitCodes: { 0: 'all checks passed', 1: 'one failed; what it found is printed' },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const began = performance.now();
  const results = await Promise.all(
    quickChecks.map(async (check) => {
      const result = await runCheck(check);
      say(result.summary);
      return result;
    }),
  );
  const failures = results.filter(({ passed }) => !passed);
  for (const { summary, output } of failures) say(`\n${summary}\n${output}`);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const verdict =
    failures.length === 0 ? 'All checks passed' : `${failures.length} of ${results.length} failed`;
  say(`${verdict} after ${seconds} s`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
