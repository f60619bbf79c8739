import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto, { type temporal } from '@temporalio/proto';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** How long nothing may happen in a workflow before it counts as waiting, in milliseconds. */
const quietMs = 1_000;

/** Waits until a workflow is closed, or waits for somebody: no task and no activity is pending, and no event is added. */
export async function untilWaiting(client: Client, workflowId: string): Promise<void> {
  let quiet = { length: -1, since: 0 };
  for (;;) {
    const { historyLength: length, status, raw } = await client.workflow.getHandle(workflowId).describe();
    const isBusy = (raw.pendingActivities ?? []).length > 0 || Boolean(raw.pendingWorkflowTask);
    if (isBusy || length !== quiet.length) quiet = { length, since: performance.now() };
    else if (status.name !== 'RUNNING' || performance.now() - quiet.since > quietMs) return;
    await sleep(50);
  }
}

/** Reads the histories of a workflow, with the runs that it continued from, the oldest first. */
export async function readRuns(client: Client, workflowId: string): Promise<HistoryEvent[][]> {
  const runs: HistoryEvent[][] = [];
  let runId: string | undefined;
  do {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift(events ?? []);
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  } while (runId !== undefined);
  return runs;
}

/** What Temporal keeps of a workflow while it waits: nothing once it is closed. */
export async function readKept(client: Client, workflowId: string): Promise<{ events: number; kB: number }> {
  const described = await client.workflow.getHandle(workflowId).describe();
  const isOpen = described.status.name === 'RUNNING';
  return {
    events: isOpen ? described.historyLength : 0,
    kB: isOpen ? (described.historySize ?? Number.NaN) / 1_000 : 0,
  };
}

/** Lists events with milliseconds since the first one, their types, and what they are about. */
export function timelineOf(events: readonly HistoryEvent[]): string[] {
  const startedAt = millisecondsOf(events[0]);
  return events.map((event) => {
    const after = (millisecondsOf(event) - startedAt).toFixed(1).padStart(9);
    return `${after} ms ${String(event.eventId).padStart(4)} ${typeOf(event)} ${subjectOf(event)}`.trimEnd();
  });
}

/** Returns the instant of an event in milliseconds, with fractions. */
export function millisecondsOf(event: HistoryEvent | undefined): number {
  const { seconds, nanos } = event?.eventTime ?? {};
  return Number(seconds) * 1_000 + Number(nanos) / 1_000_000;
}

function typeOf({ eventType }: HistoryEvent): string {
  const name = proto.temporal.api.enums.v1.EventType[eventType ?? 0] ?? '';
  return name
    .replace('EVENT_TYPE_', '')
    .toLowerCase()
    .replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function subjectOf(event: HistoryEvent): string {
  return (
    event.activityTaskScheduledEventAttributes?.activityType?.name ??
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name ??
    event.workflowExecutionSignaledEventAttributes?.signalName ??
    event.markerRecordedEventAttributes?.markerName ??
    ''
  );
}
