import type { ActivityFailureRecorder } from '../../worker/activity-failures.ts';

/** For workers of tests that have no Postgres. */
export const unrecordedFailures: ActivityFailureRecorder = {
  failed: async () => undefined,
  ended: async () => undefined,
};
