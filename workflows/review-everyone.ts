import { proxyActivities } from '@temporalio/workflow';
import type { ReviewActivities, ReviewEveryoneResult } from '../activities/onboarding/review-everyone.ts';
import { now } from './wait.ts';

const activities = proxyActivities<ReviewActivities>({
  // 100,000 agents take minutes; whoever takes over goes on from the last heartbeat
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** Every so often: every open onboarding is held against the facts, and those that differ look again themselves. */
export async function reviewEveryone(): Promise<ReviewEveryoneResult> {
  return activities.reviewEveryone({ at: now() });
}
