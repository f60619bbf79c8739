import { Alert } from '@cmsgov/design-system';
import type { MouseEvent, RefObject } from 'react';
import { useText } from '../portal-context.tsx';
import type { ShownError } from './use-api-form.ts';

/** The id of a field's input; of a choice's first. */
export const fieldId = (field: string) => `field-${field}`;

/** A link to #field would take the place of the token that a page's address can hold. */
function goTo(field: string) {
  return (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(fieldId(field))?.focus();
  };
}

/** Every failed field at once, each a way to it. It gets the focus when a form was not sent. */
export function ErrorSummary({
  errors,
  box,
}: {
  errors: readonly ShownError[];
  box: RefObject<HTMLDivElement | null>;
}) {
  const { words } = useText();
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus ds-u-margin-y--2">
      {errors.length > 0 && (
        <Alert variation="error" heading={words.errorSummary(errors.length)}>
          <ul>
            {errors.map(({ field, text }) => (
              <li key={field}>
                <a href={`#${fieldId(field)}`} onClick={goTo(field)}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </div>
  );
}
