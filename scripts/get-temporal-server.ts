import { getTemporalServer } from './temporal-server.ts';

/*
 * `npm run temporal-server`: gets the server that production runs, so that `npm test` can bring docker-compose.yml up
 * without a container engine. Exits with 1 when it cannot be built; `npm test` then names what it skips.
 */
try {
  const folder = await getTemporalServer(process.env, (sentence) => process.stdout.write(`${sentence}\n`));
  process.stdout.write(`The Temporal server is in ${folder}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
