import { useRef, useState } from 'react';
import { useAccountName, usePortal } from '../portal-context.tsx';

/**
 * Draft storage of a form in this tab, so that input is not lost when the session ends. `kept`: all values are stored
 * under this name. `lost`: the values are not stored, because they are a code or about a consumer; only the fact that
 * something was typed is stored, and the form says that it is lost. `logged-out`: a form for people without a session.
 */
export type DraftRule = { kept: string } | { lost: string } | 'logged-out';

export interface Draft<Values> {
  /** The draft as it was when the form opened. */
  restored: Values | undefined;
  /** The notice that the form must show about its draft. */
  notice: 'not-saved-yet' | 'lost' | undefined;
  /** Saves the input as a draft, unless it equals the initial values. */
  follow: (values: Values) => void;
  /** Removes the draft and its notice, after the form was saved, sent or discarded. */
  clear: () => void;
}

/** @param initial values of the form without a draft */
export function useDraft<Values>(rule: DraftRule, initial: Values): Draft<Values> {
  const { drafts } = usePortal();
  const username = useAccountName();
  const account = rule === 'logged-out' ? undefined : username;
  const name = rule === 'logged-out' ? '' : 'kept' in rule ? rule.kept : rule.lost;
  const isKept = rule !== 'logged-out' && 'kept' in rule;

  const [found] = useState(() => {
    const values = account === undefined ? undefined : drafts.read(account, name);
    // a draft that equals the saved values was saved after all
    return values === undefined || (isKept && !isDraftOf(initial, values)) ? undefined : { values };
  });
  const [isOver, setIsOver] = useState(false);
  const restored = isKept && found ? (found.values as Values) : undefined;
  return {
    restored,
    notice: !found || isOver ? undefined : isKept ? 'not-saved-yet' : 'lost',
    follow: (values) => {
      if (account === undefined) return;
      if (isSame(values, initial)) drafts.remove(account, name);
      else drafts.save(account, name, isKept ? values : null);
    },
    clear: () => {
      if (account !== undefined) drafts.remove(account, name);
      setIsOver(true);
    },
  };
}

/** State of a form that does not use `useApiForm`. Starts with the draft, if there is one. */
export function useDraftState<Value>(
  rule: DraftRule,
  initial: Value,
): [Value, (change: Value | ((before: Value) => Value)) => void, Draft<Value>] {
  const draft = useDraft(rule, initial);
  const [value, setValue] = useState<Value>(draft.restored ?? initial);
  // several changes can happen before the next render
  const latest = useRef(value);
  const set = (change: Value | ((before: Value) => Value)) => {
    const next = typeof change === 'function' ? (change as (before: Value) => Value)(latest.current) : change;
    latest.current = next;
    setValue(next);
    draft.follow(next);
  };
  return [value, set, draft];
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Returns the draft if it differs from the saved values and has the form's shape; an older page may have stored another. */
function isDraftOf(initial: unknown, values: unknown): boolean {
  return !isSame(values, initial) && hasShapeOf(initial, values);
}

function hasShapeOf(example: unknown, value: unknown): boolean {
  if (example === null || example === undefined) return true;
  if (Array.isArray(example) || Array.isArray(value)) return Array.isArray(example) && Array.isArray(value);
  if (typeof example !== 'object') return typeof example === typeof value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(example).every(([name, part]) =>
    hasShapeOf(part, (value as Record<string, unknown>)[name]),
  );
}
