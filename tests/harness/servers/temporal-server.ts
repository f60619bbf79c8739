import { isTemporalServerBuilt, temporalServerFolder } from '../../../scripts/temporal-server.ts';

/**
 * The folder of the built Temporal server of production.
 * @throws an error that says how to build it
 */
export async function findTemporalServer(env: NodeJS.ProcessEnv): Promise<string> {
  if (isTemporalServerBuilt(env)) return temporalServerFolder(env);
  throw new Error(
    'the Temporal server of production is not built on this machine: `npm run temporal-server` builds it with Go',
  );
}
