import type { Database } from './database/connection.ts';

/** Reads the format of the open workflows (`workflowFormat` in `workflows/messages.ts`). */
export async function readWorkflowFormat(db: Database): Promise<number> {
  const { version } = await db.selectFrom('workflowFormat').select('version').executeTakeFirstOrThrow();
  return version;
}

/** Saves that all open workflows have this format. */
export async function saveWorkflowFormat(db: Database, version: number): Promise<void> {
  await db.updateTable('workflowFormat').set({ version }).execute();
}
