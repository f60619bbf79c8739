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
import type { ApiProblem } from '../api/problem.ts';
import { useLanguage } from '../portal-context.tsx';
import { type FieldWords, fieldOfPointer, refusedFieldText } from './field-words.ts';
import { type DraftRule, useDraft } from './use-draft.ts';

/** A fault that a schema finds: an issue of zod, or the same by hand. */
export interface BodyIssue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  message: string;
  /** Of an issue that is `custom`: the code that the API would answer with. */
  params?: Readonly<Record<string, unknown>> | undefined;
}

/** A schema of zod, or a check by hand on pages that load no schemas. */
export interface BodySchema<Body> {
  safeParse: (
    body: unknown,
  ) => { success: true; data: Body } | { success: false; error: { issues: readonly BodyIssue[] } };
}

export interface ApiFormOptions<Values extends FieldValues, Body> {
  /** The API's schema of the body. */
  schema: BodySchema<Body>;
  defaults: Values;
  /** Storage of the form's draft, so that input is not lost when the session ends. */
  draft: DraftRule;
  /** Converts the fields to the body of the request. Empty fields become undefined. */
  toBody: (values: Values) => unknown;
  /** Error texts of each field, in the order of the fields on the page. */
  words: Readonly<Record<keyof Values & string, FieldWords | undefined>>;
  /** Members of the body whose field has another name. */
  fieldsByMember?: Readonly<Record<string, keyof Values & string>>;
  /** Finds errors that the schema does not check. */
  extraFaults?: (values: Values) => (keyof Values & string)[];
}

export interface ShownError {
  field: string;
  text: string;
}

/**
 * State of a form whose body goes to the API. The fields are checked with the API's own schema, and errors of the API are
 * shown at the same fields. All failed fields are shown at once, and the summary gets the focus.
 */
export function useApiForm<Values extends FieldValues, Body>(options: ApiFormOptions<Values, Body>) {
  const { schema, defaults, toBody, words, fieldsByMember = {}, extraFaults, draft: rule } = options;
  const { showsDetails } = useLanguage();
  const fields = Object.keys(words) as (keyof Values & string)[];
  const fieldOf = (name: string | undefined) => {
    const field = name === undefined ? undefined : (fieldsByMember[name] ?? name);
    return fields.find((known) => known === field);
  };

  const resolver: Resolver<Values, unknown, Body> = (values) => {
    const result = schema.safeParse(toBody(values));
    const faults = new Map<string, { type: string; message?: string }>();
    for (const field of extraFaults?.(values) ?? []) faults.set(field, { type: 'invalid' });
    for (const issue of result.success ? [] : result.error.issues) {
      const field = fieldOf(String(issue.path[0])) ?? String(issue.path[0]);
      if (!faults.has(field)) faults.set(field, faultOf(issue));
    }
    if (result.success && faults.size === 0) return { values: result.data, errors: {} };
    const errors = Object.fromEntries(
      [...faults].map(([field, fault]) => {
        const empty = values[field] === '' || values[field] === false || values[field] === undefined;
        return [field, empty ? { type: 'required' } : fault];
      }),
    );
    return { values: {}, errors: errors as FieldErrors<Values> };
  };

  const form = useForm<Values, unknown, Body>({
    resolver,
    defaultValues: defaults as DefaultValues<Values>,
    // the summary gets the focus, not the first failed field
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

  // errors are kept as codes, so that their texts follow the language of the page
  const textOf = (field: string): string | undefined => {
    const error = errors[field];
    const ownWords = words[field];
    if (!error || !ownWords) return undefined;
    const code = typeof error.type === 'string' ? error.type : 'invalid';
    const detail = typeof error.message === 'string' ? error.message : ownWords.invalid;
    return refusedFieldText({ code, detail }, ownWords, showsDetails);
  };

  return {
    form,
    summary,
    draft: {
      notice: draft.notice,
      /** Removes the draft after the form was saved. */
      clear: draft.clear,
      /** Resets the form to the saved values. */
      discard: () => form.reset(defaults),
    },
    /** Current errors for the summary, in the order of the fields; those of fields that were left come there with the form. */
    shown: (failures === 0 ? [] : fields).flatMap((field): ShownError[] => {
      const text = textOf(field);
      return text === undefined ? [] : [{ field, text }];
    }),
    textOf,
    /** Checks some of the fields, as sending does with all, and shows what is wrong. @returns whether they are right */
    check: async (names: readonly (keyof Values & string)[]): Promise<boolean> => {
      const isRight = await form.trigger(names as unknown as Path<Values>[]);
      if (!isRight) setFailures((count) => count + 1);
      return isRight;
    },
    /** Handler for the form's `onSubmit`. */
    submit: (send: (body: Body) => void) =>
      form.handleSubmit(
        (body) => send(body),
        () => setFailures((count) => count + 1),
      ),
    /** Shows the API's errors at their fields. @returns false if none belongs to a field */
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

/** Converts a schema issue to the error code that the API would answer with. */
function faultOf(issue: BodyIssue): { type: string; message?: string } {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? { type: code, message: issue.message } : { type: 'invalid' };
}

/** Restores the draft into the form, and saves later input as a draft. */
function useDraftOf<Values extends FieldValues, Body>(
  form: UseFormReturn<Values, unknown, Body>,
  rule: DraftRule,
  defaults: Values,
) {
  const draft = useDraft(rule, defaults);
  const { restored, follow } = draft;
  useEffect(() => {
    // set as a change against the saved values, so that the form is dirty
    if (restored) form.reset(restored, { keepDefaultValues: true });
  }, [form, restored]);
  const latest = useRef(follow);
  useEffect(() => {
    latest.current = follow;
  });
  useEffect(() => {
    const following = form.watch((values, { type }) => {
      // only input of the person: values that the page sets are saved already
      if (type === 'change') latest.current(values as Values);
    });
    return () => following.unsubscribe();
  }, [form]);
  return draft;
}
