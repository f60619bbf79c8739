import { createServer } from 'node:http';
import { projectFolder } from '../../standalone/services/programs.ts';
import { countStatements } from './count-statements.ts';

/*
 * Runs the worker of the build, counts the statements of its activities, and answers `GET /WORKFLOW-ID` on STATEMENTS_PORT
 * with the counts of that workflow by activity, as JSON.
 */

const countsOf = countStatements();
createServer(({ url = '' }, response) => {
  response.end(JSON.stringify(countsOf(url.slice(1))));
})
  .listen(Number(process.env['STATEMENTS_PORT']), '127.0.0.1')
  .unref();

// the build is not there when types are checked
const worker: string = new URL('dist/worker/main.js', `file://${projectFolder}`).href;
await import(worker);
