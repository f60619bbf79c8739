import type { Client } from './client.ts';
import { ApiProblem } from './problem.ts';

/** The question for the password, which a call can cause anywhere in the portal. One dialog answers all that wait. */
export interface Confirmation {
  /** Asks the person. @returns false if they canceled */
  ask: () => Promise<boolean>;
  isAsked: () => boolean;
  answer: (isConfirmed: boolean) => void;
  /** Calls back when the question is asked or answered. @returns a function that ends this */
  subscribe: (onChange: () => void) => () => void;
}

export function createConfirmation(): Confirmation {
  let waiting: ((isConfirmed: boolean) => void)[] = [];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        waiting = [...waiting, resolve];
        tell();
      }),
    isAsked: () => waiting.length > 0,
    answer(isConfirmed) {
      const answered = waiting;
      waiting = [];
      for (const resolve of answered) resolve(isConfirmed);
      tell();
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/**
 * Repeats a call that the API refused until the person has shown their password again. The page that made the call sees only
 * its answer, so nothing that was typed there is lost.
 */
export function withConfirmation(
  { send }: Pick<Client, 'send'>,
  { ask }: Pick<Confirmation, 'ask'>,
): Pick<Client, 'send'> {
  return {
    async send<Answer>(call: Parameters<Client['send']>[0]): Promise<Answer> {
      try {
        return await send<Answer>(call);
      } catch (error) {
        const isNeeded = error instanceof ApiProblem && error.kind === 're-authentication-required';
        if (!isNeeded || !(await ask())) throw error;
        return send<Answer>(call);
      }
    },
  };
}
