import { readFileSync, writeFileSync } from 'node:fs';
import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { runStoppable } from '../run-stoppable.ts';
import { chartPage } from './chart.ts';
import { generateWorld, type WorldSize } from './generate-world.ts';
import { judge } from './goals.ts';
import { readLastMonth } from './last-month.ts';
import { outsideFigures } from './outside-figures.ts';
import type { Place } from './places.ts';
import { type NamedPolicy, readNamedPolicy } from './policies.ts';
import { groupTable, policyTable, policyTableLegend } from './report.ts';
import { type PlayedPolicy, simulate } from './simulate.ts';
import { type Grouping, groupings, summarize } from './summary.ts';

const command = {
  name: 'npm run simulate',
  about:
    'Plays requests and agents under a virtual clock, through the rules and the SQL of the service, under one policy beside ' +
    'another, and compares how long consumers wait and how evenly agents are asked. Runs on a Postgres of its own and leaves ' +
    'nothing. The same seed gives the same figures. docs/policies.md says how to read them.',
  args: {
    '[POLICY...]': {
      about:
        'a policy as its name and the variables that differ from the environment, such as "short: OFFER_WINDOW=10 minutes; ' +
        'REFERRAL_BUDGET=2 hours"; a name alone is the policy of the environment. Without any: today',
    },
  },
  options: {
    policies: { type: 'string', about: 'a file with a policy on each line, instead of arguments' },
    days: { type: 'string', default: '1', about: 'how many days' },
    requests: { type: 'string', default: '2500', about: 'how many requests in all' },
    agents: { type: 'string', default: '3000', about: 'how many active agents' },
    seed: { type: 'string', default: '1', about: 'a whole number; another one gives other people' },
    'first-day': { type: 'string', default: '2026-12-01', about: 'the first day, as YYYY-MM-DD' },
    from: {
      type: 'string',
      about:
        'the URL of a database of the service, which is only read: its last 30 days give requests, agents and answers, ' +
        'instead of the figures in docs/sources.md',
    },
    report: { type: 'string', about: 'a file for a page with charts' },
  },
  exitCodes: {
    0: 'every policy was played',
    1: 'a policy could not be played; standard error says why',
    130: 'Ctrl-C ended it',
  },
} as const;

const { values, args } = readCommandLine(command);

const wholeNumber = (name: 'days' | 'requests' | 'agents' | 'seed'): number => {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 1)
    refuseCommandLine(command, `--${name} is not a whole number from 1 on`);
  return value;
};

function readSize(): WorldSize {
  const firstDay = values['first-day'];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(firstDay))
    refuseCommandLine(command, '--first-day is not a day such as 2026-12-01');
  return {
    firstDay,
    seed: wholeNumber('seed'),
    requests: wholeNumber('requests'),
    agents: wholeNumber('agents'),
    days: wholeNumber('days'),
  };
}

function readPolicies(): NamedPolicy[] {
  const lines = values.policies === undefined ? args : readFileSync(values.policies, 'utf8').split('\n');
  const texts = lines.filter((line) => line.trim() !== '');
  try {
    return (texts.length > 0 ? texts : ['today']).map((text) => readNamedPolicy(text, process.env));
  } catch (error) {
    return refuseCommandLine(command, (error as Error).message.replace(/\.$/, ''));
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);

function report(policies: readonly PlayedPolicy[], about: string): void {
  const named = policies.map(({ name, played }) => ({ name, figures: summarize(played) }));
  say(`\n${policyTable(named)}\n\n${policyTableLegend}`);
  for (const grouping of Object.keys(groupings) as Grouping[])
    say(`\nAccepted, by ${grouping}:\n${groupTable(named, grouping)}`);
  say(`\nGoals:\n${judge(named)}`);
  if (values.report === undefined) return;
  const charted = named.map((one, index) => ({
    ...one,
    acceptedWithin: (seconds: number) => shareAcceptedWithin(policies[index] as PlayedPolicy, seconds),
  }));
  writeFileSync(values.report, chartPage(charted, about));
}

function shareAcceptedWithin({ played: { requests } }: PlayedPolicy, seconds: number): number {
  const accepted = requests.filter(
    ({ acceptedAt, request }) => acceptedAt && acceptedAt.getTime() - request.at.getTime() <= seconds * 1_000,
  );
  return accepted.length / requests.length;
}

const size = readSize();
const policies = readPolicies();
const { seed } = size;
const makeWorld = (places: readonly Place[]) =>
  values.from === undefined
    ? generateWorld(outsideFigures, size, places)
    : readLastMonth(values.from, { seed, figures: outsideFigures.people });
const about =
  values.from === undefined
    ? `${size.requests} requests and ${size.agents} agents in ${size.days} days from ${size.firstDay}, seed ${seed}`
    : `the last 30 days of a service, seed ${seed}`;

await runStoppable(async (signal) => {
  try {
    report(await simulate(policies, { makeWorld, say, signal }), about);
    return 0;
  } catch (error) {
    process.stderr.write(`The policies could not be played: ${(error as Error).message}\n`);
    return 1;
  }
});
