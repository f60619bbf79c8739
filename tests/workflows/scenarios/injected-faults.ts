import { ApplicationFailure } from '@temporalio/common';
import { type FailureType, refuse } from '../../../domain/failures.ts';

/** A point at which an activity waits until it is released. */
export interface Gate {
  /** Resolves when an activity has reached the gate. */
  reached: Promise<void>;
  release(): void;
  pass(): Promise<void>;
}

export function createGate(): Gate {
  let reach = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    reached,
    release,
    pass() {
      reach();
      return released;
    },
  };
}

export type InjectedFaults<Activity extends string> = ReturnType<typeof createInjectedFaults<Activity>>;

/** Creates the faults of one workflow's activities. The fakes check them before and after each activity. */
export function createInjectedFaults<Activity extends string>() {
  const before = new Map<Activity, () => Promise<void>>();
  const after = new Map<Activity, () => Promise<void>>();
  const gates: Gate[] = [];

  function openGate(): Gate {
    const gate = createGate();
    gates.push(gate);
    return gate;
  }

  /**
   * Holds the calls of an activity until it is released. A transaction inside a workflow task is given up after three
   * seconds and called anew; then the earlier call is lost, and the last one counts.
   */
  function holdAll(where: Map<Activity, () => Promise<void>>, activity: Activity): Gate {
    const gate = openGate();
    let calls = 0;
    const pass = async () => {
      calls += 1;
      const call = calls;
      await gate.pass();
      if (call < calls) throw new Error('This call was given up.');
    };
    where.set(activity, pass);
    return {
      ...gate,
      release() {
        if (where.get(activity) === pass) where.delete(activity);
        gate.release();
      },
    };
  }

  return {
    /** Holds the next call of this activity before it writes; others pass it. */
    holdNext(activity: Activity): Gate {
      const gate = openGate();
      before.set(activity, () => {
        before.delete(activity);
        return gate.pass();
      });
      return gate;
    },
    /** Holds this activity before it writes. */
    hold: (activity: Activity) => holdAll(before, activity),
    /** Holds the result of this activity, after it has written. */
    holdAnswer: (activity: Activity) => holdAll(after, activity),
    /** Makes these activities fail until `clear`, as while Postgres is away. */
    fail(...activities: Activity[]): void {
      for (const activity of activities)
        before.set(activity, () => Promise.reject(new Error('connection refused')));
    },
    /** Does the same for days: retries come every two hours, because thousands of attempts would take a minute. */
    failForDays(...activities: Activity[]): void {
      const failure = {
        type: 'provider-outage',
        message: 'Postgres is away.',
        nextRetryDelay: '2 hours',
      } as const;
      for (const activity of activities)
        before.set(activity, () => Promise.reject(ApplicationFailure.create(failure)));
    },
    /** Makes the next call of this activity fail with a permanent refusal. */
    refuseOnce(activity: Activity, type: FailureType): void {
      before.set(activity, async () => {
        before.delete(activity);
        refuse(type, 'The activity is refused.');
      });
    },
    /** Takes every fault back and releases what is held, as a worker waits for its activities when it stops. */
    clear(): void {
      before.clear();
      after.clear();
      for (const gate of gates.splice(0)) gate.release();
    },
    /** Runs one activity with its faults. */
    async pass<T>(activity: Activity, write: () => T): Promise<T> {
      await before.get(activity)?.();
      const done = write();
      await after.get(activity)?.();
      return done;
    },
  };
}
