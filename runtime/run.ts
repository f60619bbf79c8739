/**
 * Runs the work of a process: a failure is told in words, without a stack, and becomes the exit code, so that
 * a supervisor or a deployment sees it.
 */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isExpected = error instanceof Error && error.name === 'SettingsError';
    const text =
      error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

/** Settles with the name of the first signal that asks the process to end: Ctrl-C or a supervisor's SIGTERM. */
export function untilToldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
