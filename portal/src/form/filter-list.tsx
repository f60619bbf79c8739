import { Label } from '@cmsgov/design-system';

export interface FilterListProps {
  id: string;
  label: string;
  /** Words of the choice that leaves nothing out; its value is the empty text. */
  any: string;
  options: readonly { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** List in which a choice applies at once. */
export function FilterList({ id, label, any, options, value, onChange }: FilterListProps) {
  return (
    <div>
      <Label fieldId={id}>{label}</Label>
      <select
        id={id}
        className="ds-c-field hod-select"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
