import { proxyActivities } from '@temporalio/workflow';
import type { ReviewActivities, ReviewAllResult } from '../activities/onboarding/review-all.ts';
import { priorityOf } from '../domain/priority.ts';
import { activityLimits, heartbeatLimits } from '../domain/time-limits.ts';
import { now } from './wait.ts';

const activities = proxyActivities<ReviewActivities>({
  priority: priorityOf('bulk', 'reviewAll'),
  // 100,000 agents take minutes; a retry continues from the last heartbeat
  startToCloseTimeout: activityLimits.reviewMs,
  heartbeatTimeout: heartbeatLimits.reviewMs,
  // without limit: the review is safe to repeat
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** Compares every open onboarding with its facts and signals those that differ to review; runs on a schedule. */
export async function reviewAll(): Promise<ReviewAllResult> {
  return activities.reviewAll({ at: now() });
}
