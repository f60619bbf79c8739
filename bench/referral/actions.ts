import type { HistoryEvent } from './histories.ts';

/**
 * Counts the billable actions of a history as Temporal Cloud does (docs/sources.md): a start, a signal, an update that was
 * accepted, a timer, an upsert of search attributes, each attempt of an activity that was started, changed options of the
 * run; and once for each workflow task all that it recorded in markers, which is what local activities are. What leaves no
 * event is not counted: a refused update, a heartbeat, a query, the tenth more of a namespace with fairness.
 */
export function countActions(events: readonly HistoryEvent[]): number {
  const tasksWithMarkers = new Set<string>();
  let actions = 0;
  for (const event of events) {
    const { markerRecordedEventAttributes: marker } = event;
    if (marker) tasksWithMarkers.add(String(marker.workflowTaskCompletedEventId));
    actions += actionsOf(event);
  }
  return actions + tasksWithMarkers.size;
}

function actionsOf(event: HistoryEvent): number {
  if (event.activityTaskStartedEventAttributes) return event.activityTaskStartedEventAttributes.attempt ?? 1;
  const isAction =
    event.workflowExecutionStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.timerStartedEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes ??
    event.workflowExecutionOptionsUpdatedEventAttributes;
  return isAction ? 1 : 0;
}
