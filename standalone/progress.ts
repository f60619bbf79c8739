/** Prints a sentence for the person at the terminal. */
export type Announce = (sentence: string) => void;

/** Progress report: prints the steps and how long each took. */
export interface Progress {
  /** Runs one step and prints its duration. Sentences that the step announces are printed at once. */
  step: <T>(label: string, work: (announce: Announce) => Promise<T>) => Promise<T>;
  say: (line: string) => void;
}

const progressIntervalMs = 10_000;

/**
 * Prints progress as lines of text. A long step is printed every 10 seconds, so that it does not look stuck.
 * @param signal aborted when the start is stopped; a step that ends then is "stopped", not "failed"
 */
export function createProgress(write: (text: string) => unknown, signal: AbortSignal): Progress {
  const writeLine = (label: string, text: string) => write(`  ${label.padEnd(16)} ${text}\n`);
  return {
    async step(label, work) {
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / 1_000).toFixed(1);
      const reminder = setInterval(() => writeLine(label, `… ${seconds()} s`), progressIntervalMs);
      try {
        const result = await work((sentence) => writeLine(label, sentence));
        writeLine(label, `${seconds()} s`);
        return result;
      } catch (error) {
        writeLine(label, `${signal.aborted ? 'stopped' : 'failed'} after ${seconds()} s`);
        throw error;
      } finally {
        clearInterval(reminder);
      }
    },
    say: (text) => write(`${text}\n`),
  };
}
