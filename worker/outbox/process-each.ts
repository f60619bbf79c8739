/** Log of rows that failed; a row is named by its id alone. */
export interface FailureLog {
  warn: (values: object, message: string) => void;
}

/**
 * Processes rows one after another. A row that fails is logged by its id, skipped for the rest of this pass, and does
 * not stop the others. The next pass tries it again. A stop leaves the remaining rows to another pass.
 * @param failed ids that failed in this pass; ids that fail now are added
 * @returns the number of rows that were processed
 */
export async function processEach(
  ids: readonly string[],
  {
    work,
    failed,
    log,
    message,
    stopping,
  }: {
    work: (id: string) => Promise<boolean>;
    failed: Set<string>;
    stopping: AbortSignal;
    log: FailureLog;
    message: string;
  },
): Promise<number> {
  let done = 0;
  for (const id of ids) {
    if (stopping.aborted) break;
    try {
      if (await work(id)) done += 1;
    } catch (error) {
      failed.add(id);
      log.warn({ id, reason: reasonOf(error) }, message);
    }
  }
  return done;
}

/** Returns the name of an error and Postgres's code, without its message, which can quote values of a row. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
