import { createServer } from 'node:http';
import { asyncLocalStorage } from '@temporalio/activity';
import { Client } from 'pg';
import { projectFolder } from '../../standalone/services/programs.ts';

/*
 * Runs the worker of the build, and counts the statements that each activity sends to Postgres: one for each call of the
 * driver, which is one message and one round trip, `begin` with its limits and `commit` included. Answers
 * `GET /WORKFLOW-ID` on STATEMENTS_PORT with the counts of that workflow by activity, as JSON.
 */

const counts = new Map<string, Record<string, number>>();

/** Counts a statement for the activity that sends it, if one does. */
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

createServer(({ url = '' }, response) => {
  response.end(JSON.stringify(counts.get(url.slice(1)) ?? {}));
})
  .listen(Number(process.env['STATEMENTS_PORT']), '127.0.0.1')
  .unref();

// the build is not there when types are checked
const worker: string = new URL('dist/worker/main.js', `file://${projectFolder}`).href;
await import(worker);
