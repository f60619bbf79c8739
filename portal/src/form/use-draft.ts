import { useRef, useState } from 'react';
import { useSession } from '../api/queries.ts';
import { usePortal } from '../portal-context.tsx';

/**
 * What of a form outlives its page in this tab, so that a log-in that ends costs nobody what they typed. `kept`: all of
 * it, under this name. `lost`: nothing but that something was typed under this name, which is said: it is a code, or
 * about a consumer. `logged-out`: the form belongs to nobody who is logged in.
 */
export type DraftRule = { kept: string } | { lost: string } | 'logged-out';

export interface Draft<Values> {
  /** What was typed before and is not saved; read once, when the form opens. */
  restored: Values | undefined;
  /** What the form has to say of it. */
  notice: 'not-saved-yet' | 'lost' | undefined;
  /** Follows what is typed; what the form began with is no draft. */
  follow: (values: Values) => void;
  /** Saved, given up or sent: nothing is left to keep, nor to say. */
  clear: () => void;
}

/** @param initial what the form shows when nothing was typed */
export function useDraft<Values>(rule: DraftRule, initial: Values): Draft<Values> {
  const { drafts } = usePortal();
  const { data: session } = useSession();
  const account = rule === 'logged-out' ? undefined : session?.username;
  const name = rule === 'logged-out' ? '' : 'kept' in rule ? rule.kept : rule.lost;
  const isKept = rule !== 'logged-out' && 'kept' in rule;

  const [found] = useState(() => {
    const values = account === undefined ? undefined : drafts.read(account, name);
    // once it is the same as what is saved, it was saved after all
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

/** State of a form that is no body of the API field by field. It begins with what was typed before and is not saved. */
export function useDraftState<Value>(
  rule: DraftRule,
  initial: Value,
): [Value, (change: Value | ((before: Value) => Value)) => void, Draft<Value>] {
  const draft = useDraft(rule, initial);
  const [value, setValue] = useState<Value>(draft.restored ?? initial);
  // several changes can come before the next rendering
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

/** Something else than what is saved, and of the form's own shape: an older page may have kept another one. */
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
