/** Time left until a deadline. `clock` is shown; a screen reader reads each new `due` once. */
export interface Countdown {
  leftMs: number;
  /** Minutes and seconds, such as `14:05`. */
  clock: string;
  /** The latest milestone that has been reached; undefined before the first. */
  due: Milestone | undefined;
}

/** Milestones at which a screen reader reads the time left, in milliseconds; 0 is the end. */
export const milestones = [0, 60_000, 300_000] as const;
export type Milestone = (typeof milestones)[number];

/** Computes the time left until an instant. Rounds up, so the last second is 0:01. */
export function countdownTo(deadlineAt: Date, now: Date): Countdown {
  const leftMs = Math.max(0, deadlineAt.getTime() - now.getTime());
  const seconds = Math.ceil(leftMs / 1_000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return { leftMs, clock, due: milestones.find((milestone) => leftMs <= milestone) };
}
