/** Work that is planned for an instant. */
export interface Planned {
  at: number;
  work: () => Promise<void>;
  isCanceled: boolean;
}

export type VirtualClock = ReturnType<typeof createVirtualClock>;

/**
 * Creates a clock that goes from one planned instant to the next. What is planned for one instant is done in the order in
 * which it was planned, so the same plans always have the same course.
 */
export function createVirtualClock(startsAt: Date) {
  /** The latest first, so that the next one is taken from the end. */
  const planned: Planned[] = [];
  let now = startsAt.getTime();

  return {
    now: (): Date => new Date(now),
    /** Plans work for an instant; one that has passed is now. */
    at(instant: Date | number, work: () => Promise<void>): Planned {
      const one = { at: Math.max(now, Math.round(Number(instant))), work, isCanceled: false };
      planned.splice(placeOf(one.at), 0, one);
      return one;
    },
    /** Moves to the next planned instant. @returns its work; undefined if nothing is planned */
    next(): Planned['work'] | undefined {
      for (let one = planned.pop(); one; one = planned.pop()) {
        if (one.isCanceled) continue;
        now = one.at;
        return one.work;
      }
      return undefined;
    },
  };

  /** Finds the place before everything that is planned for the same instant or earlier. */
  function placeOf(at: number): number {
    let [low, high] = [0, planned.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((planned[middle] as Planned).at > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
