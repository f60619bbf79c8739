import { ApplicationFailure } from '@temporalio/common';
import { type FailureType, refuse } from '../../domain/failures.ts';

/** A point at which something is kept until it is released. */
export interface Gate {
  /** Settles when somebody has come to the gate. */
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

/** What a test puts in the way of its story's deeds. The doubles ask here before, and after, each deed. */
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
    /** Keeps the next such deed from being written. */
    hold: (deed: Deed) => holdOnce(before, deed),
    /** Keeps the answer of the next such deed, which is written already, from coming back. */
    holdAnswer: (deed: Deed) => holdOnce(after, deed),
    /** Lets such deeds fail, as while Postgres is away, until `clear`. */
    fail(...deeds: Deed[]): void {
      for (const deed of deeds) before.set(deed, () => Promise.reject(new Error('connection refused')));
    },
    /** The same for days: tried again every two hours only, because thousands of attempts would take a minute. */
    failForDays(...deeds: Deed[]): void {
      const failure = {
        type: 'provider-outage',
        message: 'Postgres is away.',
        nextRetryDelay: '2 hours',
      } as const;
      for (const deed of deeds) before.set(deed, () => Promise.reject(ApplicationFailure.create(failure)));
    },
    /** Lets the next such deed be refused for good. */
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
    /** One deed, with what stands in its way. */
    async pass<T>(deed: Deed, work: () => T): Promise<T> {
      await before.get(deed)?.();
      const done = work();
      await after.get(deed)?.();
      return done;
    },
  };
}
