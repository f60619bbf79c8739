import { fileURLToPath } from 'node:url';
import { builtPrograms, type Programs } from '../../standalone/services/programs.ts';

/** Statements of the activities of one workflow, by activity. */
export type StatementCounts = Readonly<Record<string, number>>;

/** The programs of the build, with a worker that counts its statements. */
export const countedPrograms: Programs = {
  ...builtPrograms,
  fileOf: (name) =>
    name === 'worker/main'
      ? fileURLToPath(new URL('counted-worker.ts', import.meta.url))
      : builtPrograms.fileOf(name),
};

/** Reads the counts of a workflow from that worker. */
export async function readStatements(port: number, workflowId: string): Promise<StatementCounts> {
  const answer = await fetch(`http://127.0.0.1:${port}/${workflowId}`);
  return (await answer.json()) as StatementCounts;
}

/** Adds up the statements of all activities except for those that deliver a notice. */
export function statementsBesideDelivery(counts: StatementCounts): number {
  return Object.entries(counts)
    .filter(([activity]) => !activity.startsWith('deliver'))
    .reduce((sum, [, count]) => sum + count, 0);
}
