/** Says something worth knowing, in a sentence. */
export type Announce = (sentence: string) => void;

/** Tells a person what is being done, and how long it took. */
export interface Progress {
  /** Does one step; what it announces appears below it at once. */
  step: <T>(label: string, work: (announce: Announce) => Promise<T>) => Promise<T>;
  say: (line: string) => void;
}

const progressIntervalMs = 10_000;

/**
 * Progress as lines of text; a long step is mentioned every 10 seconds, so that nobody takes it for stuck.
 * @param signal breaks the work off: a step that ends by it has not failed
 */
export function createProgress(write: (text: string) => unknown, signal: AbortSignal): Progress {
  const line = (label: string, text: string) => write(`  ${label.padEnd(16)} ${text}\n`);
  return {
    async step(label, work) {
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / 1_000).toFixed(1);
      const reminder = setInterval(() => line(label, `… ${seconds()} s`), progressIntervalMs);
      try {
        const result = await work((sentence) => line(label, sentence));
        line(label, `${seconds()} s`);
        return result;
      } catch (error) {
        line(label, `${signal.aborted ? 'stopped' : 'failed'} after ${seconds()} s`);
        throw error;
      } finally {
        clearInterval(reminder);
      }
    },
    say: (text) => write(`${text}\n`),
  };
}
