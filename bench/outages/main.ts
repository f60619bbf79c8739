import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { runStoppable } from '../run-stoppable.ts';
import { type OutageName, outages } from './outages.ts';
import { playOutages } from './play.ts';

const known = Object.keys(outages) as OutageName[];

const command = {
  name: 'npm run chaos',
  about:
    'Takes one part of the service after another away for an hour, each minute in a second, while consumers ' +
    'and agents go on, and says which promises were held. Runs on servers of its own and leaves nothing.',
  args: { '[NAME...]': { about: 'an outage', oneOf: known } },
  options: { minutes: { type: 'string', about: 'how long each part is away, at most 60', default: '60' } },
  exitCodes: {
    0: 'every promise was held',
    1: 'a promise was broken, or an outage could not be played',
    130: 'Ctrl-C ended it',
  },
} as const;

const { args, values } = readCommandLine(command);
const minutes = Number(values.minutes);
if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60)
  refuseCommandLine(command, `--minutes is not a whole number from 1 to 60: ${values.minutes}`);
await runStoppable((signal) =>
  playOutages({
    names: args.length > 0 ? (args as OutageName[]) : known,
    minutes,
    say: (line) => process.stdout.write(`${line}\n`),
    signal,
  }).catch((error: unknown) => {
    process.stderr.write(`The outages could not be played: ${(error as Error).message}\n`);
    return 1;
  }),
);
