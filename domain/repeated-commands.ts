/** How long a command that comes again without a key of its own is the first one, sent again by a shaky connection. */
const repeatWithinMs = 600_000;

/** Whether a like command is the same one still; later it is a new one, which may rightly say the same. */
export function isRepeatedCommand(before: Date | null | undefined, at: Date): boolean {
  return before instanceof Date && at.getTime() - before.getTime() < repeatWithinMs;
}
