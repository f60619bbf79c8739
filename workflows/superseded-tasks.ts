import { type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';

/** When the workflow last ran, not counting replays. */
interface LastRun {
  historyLength: number;
  /** Instant by the clock of the worker, in milliseconds. */
  at: number;
}

/**
 * Fails a workflow task that came while a local activity of the task before it was running. That task had timed out, because
 * the worker stood still or got it late. The SDK goes on in the middle of it with the task that came, and would have recorded
 * under the one what was decided in the other. A replay decides by the signals and the time of the task that is recorded; where
 * it decides otherwise, the workflow does nothing any more. A failed task records nothing, and the next one begins anew
 * from the history (docs/decisions/0093-tasks-that-time-out.md).
 *
 * The history tells the two tasks apart, unless the first was an attempt after one that had failed or timed out, which adds
 * nothing to the history. Then the time tells that the worker has stood still.
 *
 * While local activities run on for most of a task, the SDK asks for the next one by itself, which looks the same: that task
 * fails for nothing, and the one after it goes on from what the first one recorded.
 */
export function interceptors(): WorkflowInterceptors {
  let runningActivities = 0;
  let last: LastRun | undefined;
  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const result = next(input);
          runningActivities += 1;
          const end = () => {
            runningActivities -= 1;
          };
          result.then(end, end);
          return result;
        },
      },
    ],
    internals: [
      {
        activate(input, next) {
          const { historyLength, taskTimeoutMs, unsafe } = workflowInfo();
          if (!unsafe.isReplaying) {
            const current = { historyLength, at: unsafe.now() };
            if (last && runningActivities > 0 && isSuperseded(last, current, taskTimeoutMs))
              throw new Error(
                'The workflow task before this one timed out in the middle of a local activity.',
              );
            last = current;
          }
          next(input);
        },
      },
    ],
  };
}

function isSuperseded(last: LastRun, { historyLength, at }: LastRun, taskTimeoutMs: number): boolean {
  return historyLength !== last.historyLength || at - last.at >= 0.6 * taskTimeoutMs;
}
