import { Alert } from '@cmsgov/design-system';
import type { MouseEvent, RefObject } from 'react';
import { useText } from '../portal-context.tsx';
import type { ShownError } from './use-api-form.ts';

/** Id of a field's input, or of the first input of a choice. */
export const fieldId = (field: string) => `field-${field}`;

/** Moves the focus to a field. A real link to `#field` would replace the token in the page's address. */
function goTo(field: string) {
  return (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(fieldId(field))?.focus();
  };
}

/** Lists all failed fields with a link to each. Gets the focus when a form was not sent. */
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
