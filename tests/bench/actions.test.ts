import { expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { countActions } from '../../bench/referral/actions.ts';
import { cloudPriceOf } from '../../bench/referral/cloud-price.ts';
import type { HistoryEvent } from '../../bench/referral/histories.ts';
import { statementsBesideDelivery } from '../../bench/referral/statements.ts';

const started: HistoryEvent = { workflowExecutionStartedEventAttributes: {} };
const taskCompleted: HistoryEvent = { workflowTaskCompletedEventAttributes: {} };
const activity = (attempt: number): HistoryEvent[] => [
  { activityTaskScheduledEventAttributes: {} },
  { activityTaskStartedEventAttributes: { attempt } },
  { activityTaskCompletedEventAttributes: {} },
];
/** A local activity that a workflow task has recorded, by the event of the completed task. */
const localActivity = (task: number): HistoryEvent =>
  proto.temporal.api.history.v1.HistoryEvent.fromObject({
    markerRecordedEventAttributes: { markerName: 'core_local_activity', workflowTaskCompletedEventId: task },
  });

test('a start, an upsert, a timer, a signal and an accepted update are an action each', () => {
  const history: HistoryEvent[] = [
    started,
    { upsertWorkflowSearchAttributesEventAttributes: {} },
    { timerStartedEventAttributes: {} },
    { workflowExecutionSignaledEventAttributes: {} },
    { workflowExecutionUpdateAcceptedEventAttributes: {} },
  ];
  expect(countActions(history)).toBe(5);
});

test('workflow tasks, ends of timers and updates, and the end of the workflow are no actions', () => {
  const history: HistoryEvent[] = [
    started,
    { workflowTaskScheduledEventAttributes: {} },
    { workflowTaskStartedEventAttributes: {} },
    taskCompleted,
    { timerCanceledEventAttributes: {} },
    { timerFiredEventAttributes: {} },
    { workflowExecutionUpdateCompletedEventAttributes: {} },
    { workflowExecutionCompletedEventAttributes: {} },
  ];
  expect(countActions(history)).toBe(1);
});

test('each attempt of an activity is an action', () => {
  expect(countActions([started, ...activity(1), ...activity(3)])).toBe(1 + 1 + 3);
});

test('an activity that waits for a worker is no action yet', () => {
  expect(countActions([started, { activityTaskScheduledEventAttributes: {} }])).toBe(1);
});

test('all local activities of one workflow task are one action', () => {
  const history = [
    started,
    taskCompleted,
    localActivity(4),
    localActivity(4),
    taskCompleted,
    localActivity(9),
  ];
  expect(countActions(history)).toBe(1 + 2);
});

test('the statements of a referral leave out those of deliveries', () => {
  expect(statementsBesideDelivery({ matchReferral: 20, deliverNotices: 14, acceptOffer: 12 })).toBe(32);
});

test('the price of actions falls with each step, and open histories cost by their size and time', () => {
  // $250 for 5 million, 225 for 5 more, 400 for 10 more, 35 for each million of the rest; 1.5 GB for 720 hours
  expect(cloudPriceOf({ actions: 29, openKb: 0 })).toBe(
    '$1698 for actions and $0 for open histories a month',
  );
  expect(cloudPriceOf({ actions: 1, openKb: 1 })).toBe('$75 for actions and $45 for open histories a month');
});
