/** Where a row that could not be worked on is named, by its id alone. */
export interface FailureLog {
  warn: (values: object, message: string) => void;
}

/**
 * Works on rows one after another, each for itself: what fails is logged by its id, remembered for the rest of this look,
 * and stops no other. The next look tries it again.
 * @param failed ids that failed in this look; those that fail now come to it
 * @returns how many were done
 */
export async function processEach(
  ids: readonly string[],
  {
    work,
    failed,
    log,
    message,
  }: {
    work: (id: string) => Promise<boolean>;
    failed: Set<string>;
    log: FailureLog;
    message: string;
  },
): Promise<number> {
  let done = 0;
  for (const id of ids) {
    try {
      if (await work(id)) done += 1;
    } catch (error) {
      failed.add(id);
      log.warn({ id, reason: reasonOf(error) }, message);
    }
  }
  return done;
}

/** A failure without its words, which can hold values: its name, and Postgres's own code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
