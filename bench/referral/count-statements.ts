import { asyncLocalStorage } from '@temporalio/activity';
import { Client } from 'pg';
import type { StatementCounts } from './statements.ts';

/**
 * Counts the statements that each activity of this process sends to Postgres from now on: one for each call of the driver,
 * which is one message and one round trip, `begin` with its limits and `commit` included.
 * @returns a function that reads the counts of a workflow
 */
export function countStatements(): (workflowId: string) => StatementCounts {
  const counts = new Map<string, Record<string, number>>();

  function count(): void {
    const { workflowExecution, activityType } = asyncLocalStorage.getStore()?.info ?? {};
    if (!workflowExecution || !activityType) return;
    const ofWorkflow = counts.get(workflowExecution.workflowId) ?? {};
    ofWorkflow[activityType] = (ofWorkflow[activityType] ?? 0) + 1;
    counts.set(workflowExecution.workflowId, ofWorkflow);
  }

  const query = Reflect.get(Client.prototype, 'query') as object;
  Object.defineProperty(Client.prototype, 'query', {
    value: new Proxy(query, {
      apply(send: (...asked: unknown[]) => unknown, client, asked: unknown[]) {
        count();
        return Reflect.apply(send, client, asked);
      },
    }),
  });
  return (workflowId) => counts.get(workflowId) ?? {};
}
