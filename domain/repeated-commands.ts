/** Milliseconds within which an equal command without a key counts as the first one, sent again by the network. */
const repeatWithinMs = 600_000;

/** True when an equal command is a repetition. Later it counts as a new one, which may well have the same content. */
export function isRepeatedCommand(before: Date | null | undefined, at: Date): boolean {
  return before instanceof Date && at.getTime() - before.getTime() < repeatWithinMs;
}
