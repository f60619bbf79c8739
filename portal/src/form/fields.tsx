import { Choice, ChoiceList, Hint, InlineError, Label, TextField } from '@cmsgov/design-system';
import type { ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { fieldId } from './error-summary.tsx';

interface FieldProps {
  /** Result of react-hook-form's `register`. */
  field: UseFormRegisterReturn;
  label: ReactNode;
  hint?: ReactNode;
  /** Current error text. */
  error?: string;
}

/** Text field with one line. */
export function TextInput({
  field: { ref, ...field },
  error,
  type = 'text',
  id = fieldId(field.name),
  hint,
  ...rest
}: FieldProps & {
  id?: string;
  type?: 'text' | 'password' | 'tel' | 'email' | 'date';
  inputMode?: 'numeric' | 'tel' | 'email';
  autoComplete?: string;
  maxLength?: number;
  size?: 'small' | 'medium';
  'aria-describedby'?: string;
}) {
  // a password is no prose, shown or not: a spelling service must not get it
  const isProse = type === 'text' && !rest.autoComplete?.endsWith('password');
  return (
    <TextField
      {...rest}
      name={field.name}
      onChange={field.onChange}
      onBlur={field.onBlur}
      inputRef={ref}
      id={id}
      type={type}
      hint={hint}
      errorMessage={error}
      autoCapitalize={isProse ? undefined : 'none'}
      spellCheck={isProse ? undefined : false}
    />
  );
}

/** Radio buttons, or checkboxes with `many`. */
export function Choices({
  field: { ref, ...field },
  label,
  hint,
  error,
  options,
  many = false,
}: FieldProps & {
  options: readonly { value: string; label: string; hint?: string }[];
  many?: boolean;
}) {
  return (
    <ChoiceList
      type={many ? 'checkbox' : 'radio'}
      name={field.name}
      label={label}
      hint={hint}
      errorMessage={error}
      onChange={field.onChange}
      onBlur={field.onBlur}
      choices={options.map(({ value, label: optionLabel, hint: optionHint }, index) => ({
        id: index === 0 ? fieldId(field.name) : `${fieldId(field.name)}-${value}`,
        value,
        label: optionLabel,
        hint: optionHint,
        inputRef: ref,
      }))}
    />
  );
}

/** A single checkbox. */
export function Checkbox({ field: { ref, ...field }, label, hint, error }: FieldProps) {
  return (
    <Choice
      type="checkbox"
      name={field.name}
      id={fieldId(field.name)}
      value="yes"
      label={label}
      hint={hint}
      errorMessage={error}
      inputRef={ref}
      onChange={field.onChange}
      onBlur={field.onBlur}
    />
  );
}

/** The browser's native select, for long lists. */
export function Select({
  field: { ref, ...field },
  label,
  hint,
  error,
  options,
}: FieldProps & { options: readonly { value: string; label: string }[] }) {
  const id = fieldId(field.name);
  const descriptions = [...(hint ? [`${id}-hint`] : []), ...(error ? [`${id}-error`] : [])];
  return (
    <div>
      <Label fieldId={id}>{label}</Label>
      {hint && <Hint id={`${id}-hint`}>{hint}</Hint>}
      {error && <InlineError id={`${id}-error`}>{error}</InlineError>}
      <select
        {...field}
        ref={ref}
        id={id}
        className={`ds-c-field ds-c-field--medium hod-select${error ? ' ds-c-field--error' : ''}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={descriptions.join(' ') || undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
