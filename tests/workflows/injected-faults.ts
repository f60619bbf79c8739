import { ApplicationFailure } from '@temporalio/common';
import { type FailureType, refuse } from '../../domain/failures.ts';

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

export type InjectedFaults<Deed extends string> = ReturnType<typeof createInjectedFaults<Deed>>;

/** Creates the faults of one workflow's activities. The fakes check them before and after each activity. */
export function createInjectedFaults<Deed extends string>() {
  const before = new Map<Deed, () => Promise<void>>();
  const after = new Map<Deed, () => Promise<void>>();

  function holdOnce(where: Map<Deed, () => Promise<void>>, deed: Deed): Gate {
    const gate = createGate();
    where.set(deed, () => {
      where.delete(deed);
      return gate.pass();
    });
    return gate;
  }

  return {
    /** Holds the next call of this activity before it writes. */
    hold: (deed: Deed) => holdOnce(before, deed),
    /** Holds the result of the next call of this activity, after it has written. */
    holdAnswer: (deed: Deed) => holdOnce(after, deed),
    /** Makes these activities fail until `clear`, as while Postgres is away. */
    fail(...deeds: Deed[]): void {
      for (const deed of deeds) before.set(deed, () => Promise.reject(new Error('connection refused')));
    },
    /** Does the same for days: retries come every two hours, because thousands of attempts would take a minute. */
    failForDays(...deeds: Deed[]): void {
      const failure = {
        type: 'provider-outage',
        message: 'Postgres is away.',
        nextRetryDelay: '2 hours',
      } as const;
      for (const deed of deeds) before.set(deed, () => Promise.reject(ApplicationFailure.create(failure)));
    },
    /** Makes the next call of this activity fail with a permanent refusal. */
    refuseOnce(deed: Deed, type: FailureType): void {
      before.set(deed, async () => {
        before.delete(deed);
        refuse(type, 'The deed is refused.');
      });
    },
    clear(): void {
      before.clear();
      after.clear();
    },
    /** Runs one activity with its faults. */
    async pass<T>(deed: Deed, work: () => T): Promise<T> {
      await before.get(deed)?.();
      const done = work();
      await after.get(deed)?.();
      return done;
    },
  };
}
