import { getTemporalServer } from './temporal-server.ts';

/*
 * `npm run temporal-server`: builds the Temporal server that production runs, so that `npm test` can run the services of
 * docker-compose.yml without a container engine. Exits with 1 if it cannot be built; `npm test` then lists the tests that
 * it skips.
 */
try {
  const folder = await getTemporalServer(process.env, (sentence) => process.stdout.write(`${sentence}\n`));
  process.stdout.write(`The Temporal server is in ${folder}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
