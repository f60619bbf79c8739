import { proxyActivities } from '@temporalio/workflow';
import type { PullActivities, PullResult } from '../activities/feeds/pull-registrations.ts';
import { priorityOf } from '../domain/priority.ts';
import { activityLimits, heartbeatLimits, longestRetryMs } from '../domain/time-limits.ts';
import { now } from './wait.ts';

const activities = proxyActivities<PullActivities>({
  priority: priorityOf('bulk', 'pullRegistrations'),
  // about 350 pages and an import; a retry continues with the next page
  startToCloseTimeout: activityLimits.pullMs,
  heartbeatTimeout: heartbeatLimits.pullMs,
  // an unavailable catalog is asked again for half a day; after that the next scheduled run asks
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: longestRetryMs },
});

/** Imports the public Registration Completion List whenever the catalog has a new release; runs on a schedule. */
export async function pullRegistrations(): Promise<PullResult> {
  return activities.pullRegistrations({ at: now() });
}
