import { ChoiceList } from '@cmsgov/design-system';
import type { ChangeEvent } from 'react';

export interface ReasonListProps<Value extends string> {
  name: string;
  label: string;
  options: readonly Value[];
  labelOf: (value: Value) => string;
  value: Value | undefined;
  onChange: (value: Value) => void;
  error?: string;
}

/** Radio buttons for a fixed list of reasons, for use without `useApiForm`. */
export function ReasonList<Value extends string>(props: ReasonListProps<Value>) {
  const { name, label, options, labelOf, value, onChange, error } = props;
  return (
    <ChoiceList
      type="radio"
      size="small"
      name={name}
      label={label}
      errorMessage={error}
      onChange={({ target }: ChangeEvent<HTMLInputElement>) => onChange(target.value as Value)}
      choices={options.map((option) => ({
        id: `${name}-${option}`,
        value: option,
        label: labelOf(option),
        checked: option === value,
      }))}
    />
  );
}
