import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { ApiProblem } from '../../../api/problem.ts';
import { fieldOfPointer } from '../../../form/field-words.ts';
import type { ShownError } from '../../../form/use-api-form.ts';

/** Parts of the registration form, in their order. */
export type FormPart = 'account' | 'contact';

/** Fields of the first part; all others are in the second. */
export const accountFields = ['username', 'password'] as const;
const isOfAccount = (field: string | undefined) => accountFields.some((known) => known === field);

/** Whether the service refuses something of the first part. */
export function concernsAccount({ errors }: ApiProblem): boolean {
  return errors.some(({ pointer }) => isOfAccount(fieldOfPointer(pointer)));
}

export interface FormPartOptions {
  /** Current input of the first part. */
  account: readonly string[];
  /** Errors of the whole form. */
  shown: readonly ShownError[];
  /** The box of the error summary. */
  summary: RefObject<HTMLDivElement | null>;
}

/**
 * Opens one part of the registration form at a time, the second only for input of the first that was checked. The focus moves to
 * the errors of the opened part, or to its heading. The part is in the browser's history, whose Back button leads from the second
 * to the first; a page that was loaded anew has an empty form and begins with the first.
 */
export function useFormPart({ account, shown, summary }: FormPartOptions) {
  const navigate = useNavigate();
  const { part: inHistory } = (useLocation().state ?? {}) as { part?: FormPart };
  const input = JSON.stringify(account);
  const [checked, setChecked] = useState<string>();
  const part: FormPart = inHistory === 'contact' && checked === input ? 'contact' : 'account';
  const open = (wanted: FormPart) => {
    if (wanted === 'contact') setChecked(input);
    void navigate('.', { state: { part: wanted } });
  };
  const shownHere = shown.filter(({ field }) => isOfAccount(field) === (part === 'account'));
  const hasErrors = shownHere.length > 0;
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef(part);
  useEffect(() => {
    if (last.current === part) return;
    last.current = part;
    if (hasErrors) summary.current?.focus();
    else heading.current?.focus();
  }, [part, hasErrors, summary]);
  return { part, open, heading, shownHere };
}
