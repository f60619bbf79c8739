import { useEffect, useRef, useState } from 'react';
import {
  type DefaultValues,
  type FieldErrors,
  type FieldValues,
  type Path,
  type Resolver,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import type { z } from 'zod';
import type { ApiProblem } from '../api/problem.ts';
import { useLanguage } from '../portal-context.tsx';
import { type FieldWords, fieldOfPointer, refusedFieldText } from './field-words.ts';
import { type DraftRule, useDraft } from './use-draft.ts';

export interface ApiFormOptions<Values extends FieldValues, Body> {
  /** The schema of the API's own door. */
  schema: z.ZodType<Body>;
  defaults: Values;
  /** What of it outlives the page, so that a log-in that ends loses nothing that may be kept. */
  draft: DraftRule;
  /** The form's fields as the body the door takes, fields left empty as undefined. */
  toBody: (values: Values) => unknown;
  /** What each field says when it is wrong, in the order in which the fields stand. */
  words: Readonly<Record<keyof Values & string, FieldWords | undefined>>;
  /** Members of the body that a field of another name stands for. */
  fieldsByMember?: Readonly<Record<string, keyof Values & string>>;
  /** Fields that are wrong for a reason that the schema does not know. */
  extraFaults?: (values: Values) => (keyof Values & string)[];
}

export interface ShownError {
  field: string;
  text: string;
}

/**
 * A form whose body goes to the API: its fields are checked by the door's own schema, and what the service refuses
 * is shown at the same fields. Every failed field is told at once, and the summary gets the focus.
 */
export function useApiForm<Values extends FieldValues, Body>(options: ApiFormOptions<Values, Body>) {
  const { schema, defaults, toBody, words, fieldsByMember = {}, extraFaults, draft: rule } = options;
  const { language } = useLanguage();
  const fields = Object.keys(words) as (keyof Values & string)[];
  const fieldOf = (name: string | undefined) => {
    const field = name === undefined ? undefined : (fieldsByMember[name] ?? name);
    return fields.find((known) => known === field);
  };

  const resolver: Resolver<Values, unknown, Body> = (values) => {
    const result = schema.safeParse(toBody(values));
    const wrong = new Map<string, { type: string; message?: string }>();
    for (const field of extraFaults?.(values) ?? []) wrong.set(field, { type: 'invalid' });
    for (const issue of result.error?.issues ?? []) {
      const field = fieldOf(String(issue.path[0])) ?? String(issue.path[0]);
      if (!wrong.has(field)) wrong.set(field, faultOf(issue));
    }
    if (result.success && wrong.size === 0) return { values: result.data, errors: {} };
    const errors = Object.fromEntries(
      [...wrong].map(([field, fault]) => {
        const empty = values[field] === '' || values[field] === false || values[field] === undefined;
        return [field, empty ? { type: 'required' } : fault];
      }),
    );
    return { values: {}, errors: errors as FieldErrors<Values> };
  };

  const form = useForm<Values, unknown, Body>({
    resolver,
    defaultValues: defaults as DefaultValues<Values>,
    // the summary gets the focus, not the first wrong field
    shouldFocusError: false,
    mode: 'onSubmit',
  });
  const { errors } = form.formState;
  const draft = useDraftOf(form, rule, defaults);
  const [failures, setFailures] = useState(0);
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failures > 0) summary.current?.focus();
  }, [failures]);

  // an error is kept as its code, so that its words follow the language of the page
  const textOf = (field: string): string | undefined => {
    const error = errors[field];
    const ownWords = words[field];
    if (!error || !ownWords) return undefined;
    const code = typeof error.type === 'string' ? error.type : 'invalid';
    const detail = typeof error.message === 'string' ? error.message : ownWords.invalid;
    return refusedFieldText({ code, detail }, ownWords, language);
  };

  return {
    form,
    summary,
    draft: {
      notice: draft.notice,
      /** Saved: nothing is left to keep. */
      clear: draft.clear,
      /** Puts the form back to what is saved. */
      discard: () => form.reset(defaults),
    },
    /** The errors as they stand, in the order of the fields. */
    shown: fields.flatMap((field): ShownError[] => {
      const text = textOf(field);
      return text === undefined ? [] : [{ field, text }];
    }),
    textOf,
    /** What a form's `onSubmit` takes. */
    submit: (send: (body: Body) => void) =>
      form.handleSubmit(
        (body) => send(body),
        () => setFailures((count) => count + 1),
      ),
    /** Shows the fields that the service refused; true when there was a field to show it at. */
    showRefused: (problem: ApiProblem): boolean => {
      let found = false;
      for (const error of problem.errors) {
        const field = fieldOf(fieldOfPointer(error.pointer));
        if (!field || !words[field]) continue;
        found = true;
        form.setError(field as unknown as Path<Values>, { type: error.code, message: error.detail });
      }
      if (found) setFailures((count) => count + 1);
      return found;
    },
  };
}

/** What the schema says is wrong, by the code that the service would answer with. */
function faultOf(issue: z.core.$ZodIssue): { type: string; message?: string } {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? { type: code, message: issue.message } : { type: 'invalid' };
}

/** Begins the form with what was typed before and not saved, and follows what is typed now. */
function useDraftOf<Values extends FieldValues, Body>(
  form: UseFormReturn<Values, unknown, Body>,
  rule: DraftRule,
  defaults: Values,
) {
  const draft = useDraft(rule, defaults);
  const { restored, follow } = draft;
  useEffect(() => {
    // against what is saved, so that it counts as changed
    if (restored) form.reset(restored, { keepDefaultValues: true });
  }, [form, restored]);
  const latest = useRef(follow);
  useEffect(() => {
    latest.current = follow;
  });
  useEffect(() => {
    const following = form.watch((values, { type }) => {
      // only what a person did: what the page itself sets is saved already
      if (type === 'change') latest.current(values as Values);
    });
    return () => following.unsubscribe();
  }, [form]);
  return draft;
}
