import { proxyActivities } from '@temporalio/workflow';
import type { PullActivities, PullResult } from '../activities/feeds/pull-list.ts';
import { now } from './wait.ts';

const activities = proxyActivities<PullActivities>({
  // some 350 pages and an import; whoever takes over goes on with the next page
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
  // a catalog that is away is asked again; what has not come within half a day, the next look brings
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Every so often: brings the public Registration Completion List in when the catalog has another one. */
export async function pullList(): Promise<PullResult> {
  return activities.pullList({ at: now() });
}
