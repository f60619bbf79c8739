import { resolve } from 'node:path';
import type { temporal } from '@temporalio/proto';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { readCommandLine } from '../runtime/command-line.ts';
import { readHistoryFile } from './history-file.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

type History = temporal.api.history.v1.IHistory;

const command = {
  name: 'npm run replay',
  about: 'Replays the histories of workflows against the workflow code of this folder.',
  args: {
    'FILE...': {
      about:
        'a history in JSON, as the Temporal UI downloads it, or as this command writes it: ' +
        'temporal workflow show --workflow-id ID --output json > FILE',
    },
  },
  exitCodes: {
    0: 'every history replays',
    1: 'one differs; where is said',
    2: 'a file cannot be read, or the command was called wrongly',
  },
};

/** The folder that paths are relative to. npm changes to the project's folder, and keeps the original one in `INIT_CWD`. */
const startedIn = process.env['INIT_CWD'] ?? process.cwd();

/** Replays the files. @returns the exit code */
async function main(files: readonly string[]): Promise<number> {
  const { histories, unreadable } = readAll(files);
  if (histories.length === 0) return 2;
  turnOffLog();
  const workflowBundle = { code: await bundleWorkflows() };
  let differing = 0;
  for (const { file, history } of histories) {
    const difference = await findDifference(workflowBundle, history);
    if (difference !== undefined) differing += 1;
    const subject = `${file}: ${workflowIn(history)}, ${history.events?.length ?? 0} events`;
    say(difference === undefined ? `replays  ${subject}` : `DIFFERS  ${subject}\n         ${difference}`);
  }
  if (differing > 0) return 1;
  return unreadable > 0 ? 2 : 0;
}

/** Reads the histories. A file that cannot be read is reported at once and counted. */
function readAll(files: readonly string[]) {
  const histories = files.flatMap((file) => {
    try {
      return [{ file, history: readHistoryFile(resolve(startedIn, file)) }];
    } catch (error) {
      process.stderr.write(`UNREADABLE ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
      return [];
    }
  });
  return { histories, unreadable: files.length - histories.length };
}

/** Replays a history. @returns where the current code differs from it; undefined if it does not */
async function findDifference(
  workflowBundle: { code: string },
  history: History,
): Promise<string | undefined> {
  try {
    await Worker.runReplayHistory({ workflowBundle }, history);
    return undefined;
  } catch (error) {
    return extractDifference(error instanceof Error ? error.message : String(error));
  }
}

/** Extracts the sentence that names the difference from the message of the SDK's core, which contains more. */
function extractDifference(message: string): string {
  const [, inner] = /message: "((?:[^"\\]|\\.)+)"/.exec(message) ?? [];
  return inner?.replaceAll(/\\(.)/g, '$1') ?? message;
}

function workflowIn({ events }: History): string {
  const name = events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
  return name ? `workflow ${name}` : 'a workflow without a start';
}

/** Turns off the SDK's log, because the SDK also throws the errors that it logs. */
function turnOffLog(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main(readCommandLine(command).args);
