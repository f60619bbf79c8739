import { type FocusEvent, useEffect } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';

/**
 * Checks each filled-in field when it is left, and again with each change until it is right. Empty fields are left to the
 * form's button: whoever passes over a field is not done yet.
 * @returns handler for the form's `onBlur`
 */
export function useCheckOnLeave<Values extends FieldValues, Body>(
  form: UseFormReturn<Values, unknown, Body>,
): (event: FocusEvent<HTMLFormElement>) => void {
  useEffect(() => {
    const following = form.watch((_, { name, type }) => {
      if (type !== 'change') return;
      // what one field says can be mended in another: a password that has the username in it
      const wrong = Object.entries(form.formState.errors)
        .filter(([field, error]) => field === name || error?.type === 'invalid')
        .map(([field]) => field as Path<Values>);
      if (wrong.length > 0) void form.trigger(wrong);
    });
    return () => following.unsubscribe();
  }, [form]);
  return ({ target }) => {
    const { name } = target as unknown as HTMLInputElement;
    if (form.getValues()[name]) afterClick(() => void form.trigger(name as Path<Values>));
  };
}

/** Runs at once, or after the click that is under way: a new error text would move its target from under the pointer. */
function afterClick(run: () => void) {
  if (document.querySelector(':active'))
    window.addEventListener('click', () => setTimeout(run), { once: true });
  else run();
}
