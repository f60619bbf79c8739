import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import { startOnboarding } from '../../worker/outbox/start-workflows.ts';
import { onboardingWorkflowId, referralWorkflowId } from '../../workflows/messages.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { askForHelp } from './help-requests.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

/** An activity of a workflow: when a worker took it, and its priority. */
interface ScheduledActivity {
  name: string;
  startedAt: number;
  priorityKey: number;
}

async function activitiesOf(workflowId: string): Promise<ScheduledActivity[]> {
  const { events = [] } = await stack.temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) => {
    if (!scheduled) return [];
    const started = events?.find(({ activityTaskStartedEventAttributes: start }) =>
      start?.scheduledEventId?.equals(eventId ?? 0),
    );
    return [
      {
        name: scheduled.activityType?.name ?? '',
        startedAt: started ? secondsOf(started) : Number.POSITIVE_INFINITY,
        priorityKey: scheduled.priority?.priorityKey ?? 0,
      },
    ];
  });
}

const secondsOf = ({ eventTime }: HistoryEvent) =>
  Number(eventTime?.seconds ?? 0) + (eventTime?.nanos ?? 0) / 1e9;

/** When a worker took the first task of a workflow. A referral looks for an agent inside it. */
async function firstTaskOf(workflowId: string): Promise<number> {
  const { events } = await stack.temporal.workflow.getHandle(workflowId).fetchHistory();
  const started = events?.find((event) => event.workflowTaskStartedEventAttributes);
  if (!started) throw new Error(`${workflowId} has not begun`);
  return secondsOf(started);
}

test('a consumer who asks while a feed’s onboardings wait for a worker is served before them', async () => {
  const first = randomInt(10_000_000, 99_000_000);
  const keys = Array.from({ length: 100 }, (_, index) => ({ npn: `${first + index}`, planYear: 2027 }));
  const at = new Date();
  await stack.stopWorker();
  await stack.db
    .insertInto('onboardings')
    .values(keys.map((key) => ({ ...key, since: at, createdAt: at })))
    .execute();
  // all at once, which the pace of the relay would not allow
  await Promise.all(keys.map((key) => startOnboarding(stack, key, 'once')));
  const { id: referralId } = await askForHelp(stack.user);
  await eventually(() => stack.temporal.workflow.getHandle(referralWorkflowId({ referralId })).describe());
  await stack.startWorker();
  const lookedAt = await eventually(() => firstTaskOf(referralWorkflowId({ referralId })));
  const [message] = await eventually(async () => {
    // on a busy machine the match is an activity as well: what is not over at once inside the task
    const found = (await activitiesOf(referralWorkflowId({ referralId }))).filter(
      ({ name }) => name === 'deliverNotices',
    );
    expect(found).toHaveLength(1);
    return found;
  });
  const reviews = await eventually(async () => {
    const found = (await Promise.all(keys.map((key) => activitiesOf(onboardingWorkflowId(key))))).flat();
    expect(found.length).toBeGreaterThan(0);
    return found;
  });
  const before = reviews.filter(({ startedAt }) => startedAt < lookedAt);
  // in the order in which the work came it would be behind all of them
  expect(before.length).toBeLessThan(keys.length / 2);
  expect([message?.priorityKey, ...new Set(reviews.map(({ priorityKey }) => priorityKey))]).toEqual([2, 4]);
});
