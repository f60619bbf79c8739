import type { Pool } from 'pg';
import type { HttpUser } from '../../standalone/demo/http-user.ts';
import type { KeyedRandom } from './virtual-agents.ts';

/** The service under load: real processes, real Postgres, real Temporal. */
export interface LoadTestEnvironment {
  apiUrl: string;
  mailboxUrl: string;
  feedsKey: string;
  /** Holds the files of the run. */
  folder: string;
  pool: Pool;
  opsCookie: string;
}

/** What everything in a run uses. */
export interface LoadTestContext {
  environment: LoadTestEnvironment;
  user: HttpUser;
  random: KeyedRandom;
  /** The agents' session cookies, by NPN. */
  cookies: ReadonlyMap<string, string>;
  offerWindowMs: number;
}
