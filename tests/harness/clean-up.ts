import type { Policy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import type { DB } from '../../store/database/schema.ts';
import { cleanUpPage } from '../../worker/loops/cleanup-loop.ts';
import { aPolicy } from './activity-harness.ts';
import { keyring } from './keyring.ts';
import { neverStopping } from './never-stopping.ts';
import { asUser, databaseUsers } from './servers/database-users.ts';
import type { TestDatabase } from './servers/postgres.ts';

export interface CleanedUp {
  isFull: boolean;
  /** What could not be done, as it is logged. */
  warnings: object[];
  /** The values of the other log lines. */
  infos: object[];
}

/** Deletes and erases a page of what is past its time at an instant, as the worker does, with the user who may. */
export async function cleanUp(
  { ownerUrl }: Pick<TestDatabase, 'ownerUrl'>,
  at: Date,
  { policy = aPolicy(), ...page }: { limit?: number; failed?: Set<string>; policy?: Policy } = {},
): Promise<CleanedUp> {
  const db = createDatabase<DB>(asUser(ownerUrl, databaseUsers.retention), { poolSize: 1 });
  const [warnings, infos]: [object[], object[]] = [[], []];
  const log = {
    warn: (values: object) => void warnings.push(values),
    info: (values: object) => void infos.push(values),
  };
  try {
    const { isFull } = await cleanUpPage(
      { db, keyring, policy, log },
      { at, stopping: neverStopping, ...page },
    );
    return { isFull, warnings, infos };
  } finally {
    await db.destroy();
  }
}
