import { dateIn, instantOnClock } from '../../domain/time/wall-clock.ts';

/** Returns the minutes that have passed since midnight in a time zone. */
export function minutesOn(timeZone: string, at: Date): number {
  const midnight = instantOnClock(timeZone, dateIn(timeZone, at), 0);
  return (at.getTime() - midnight.getTime()) / 60_000;
}
