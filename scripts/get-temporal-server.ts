import { readCommandLine } from '../runtime/command-line.ts';
import { getTemporalServer } from './temporal-server.ts';

readCommandLine({
  name: 'npm run temporal-server',
  about:
    "Builds the Temporal server that production runs with Go, once, into the user's cache, so that `npm test` can run the " +
    'services of docker-compose.yml without a container engine.',
  settings: { XDG_CACHE_HOME: 'the folder of caches, ~/.cache by default' },
  exitCodes: {
    0: 'the server is built, now or earlier',
    1: 'it cannot be built; `npm test` then names the tests that it skips',
  },
});
try {
  const folder = await getTemporalServer(process.env, (sentence) => process.stdout.write(`${sentence}\n`));
  process.stdout.write(`The Temporal server is in ${folder}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
