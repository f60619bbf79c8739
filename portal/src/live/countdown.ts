/** What is left until a deadline: `clock` is read by the eye, `due` is told to a screen reader once. */
export interface Countdown {
  leftMs: number;
  /** `14:05`: minutes and seconds. */
  clock: string;
  /** The last milestone that has passed; undefined before the first. */
  due: Milestone | undefined;
}

/** How much time is left when it is said aloud, in milliseconds; 0 is the end. */
export const milestones = [0, 60_000, 300_000] as const;
export type Milestone = (typeof milestones)[number];

/** Counts down to an instant. It never shows less time than there is: the last second is 0:01. */
export function countdownTo(deadlineAt: Date, now: Date): Countdown {
  const leftMs = Math.max(0, deadlineAt.getTime() - now.getTime());
  const seconds = Math.ceil(leftMs / 1_000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return { leftMs, clock, due: milestones.find((milestone) => leftMs <= milestone) };
}
