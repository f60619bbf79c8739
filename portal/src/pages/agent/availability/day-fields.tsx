import { InlineError, Label } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { Weekday } from '../../../../../domain/agents/availability.ts';
import { Button } from '../../../form/button.tsx';
import { fieldId } from '../../../form/error-summary.tsx';
import { useText } from '../../../portal-context.tsx';
import { type DraftedPart, withNewPart } from './drafted-hours.ts';

export interface DayFieldsProps {
  weekday: Weekday;
  parts: readonly DraftedPart[];
  /** True if other days have hours and this one has none. */
  isOff: boolean;
  /** Current error of a time range. */
  textOf: (index: number) => string | undefined;
  onChange: (parts: readonly DraftedPart[]) => void;
}

/** Row of the week with the hours of one weekday. */
export function DayFields({ weekday, parts, isOff, textOf, onChange }: DayFieldsProps) {
  const { availability } = useText().sentences;
  const text = availability.page;
  const name = availability.weekday[weekday];
  const day = useRef<HTMLTableRowElement>(null);
  const focuses = useRef<string>(undefined);
  // the button that was pressed is gone, or a new field has just appeared
  useEffect(() => {
    if (focuses.current) day.current?.querySelector<HTMLElement>(focuses.current)?.focus();
    focuses.current = undefined;
  });
  const add = () => {
    focuses.current = `#${fieldId(`${weekday}-${parts.length}`)}`;
    onChange(withNewPart(parts));
  };
  const remove = (key: number) => {
    focuses.current = '[data-adds]';
    onChange(parts.filter((part) => part.key !== key));
  };
  const set = (key: number, change: Partial<DraftedPart>) =>
    onChange(parts.map((part) => (part.key === key ? { ...part, ...change } : part)));

  return (
    <tr ref={day}>
      <th scope="row">{name}</th>
      <td>
        {isOff && text.dayOff}
        {parts.map((part, index) => (
          <PartFields
            key={part.key}
            part={part}
            name={text.partOf(name, index + 1)}
            id={fieldId(`${weekday}-${index}`)}
            error={textOf(index)}
            onChange={(change) => set(part.key, change)}
            onRemove={() => remove(part.key)}
          />
        ))}
      </td>
      <td>
        <Button size="small" data-adds onClick={add}>
          {text.add(name)}
        </Button>
      </td>
    </tr>
  );
}

interface PartFieldsProps {
  part: DraftedPart;
  name: string;
  id: string;
  error: string | undefined;
  onChange: (change: Partial<DraftedPart>) => void;
  onRemove: () => void;
}

function PartFields({ part, name, id, error, onChange, onRemove }: PartFieldsProps) {
  const text = useText().sentences.availability.page;
  const field = (own: 'from' | 'until', ownId: string) => (
    <div>
      <Label fieldId={ownId}>
        <span className="ds-u-visibility--screen-reader">{name}: </span>
        {text[own]}
      </Label>
      <input
        type="time"
        id={ownId}
        className={`ds-c-field hod-time${error ? ' ds-c-field--error' : ''}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        value={part[own]}
        onChange={({ target }) => onChange({ [own]: target.value })}
      />
    </div>
  );
  return (
    <>
      {error && <InlineError id={`${id}-error`}>{error}</InlineError>}
      <div className="hod-inline-form">
        {field('from', id)}
        {field('until', `${id}-until`)}
        <Button size="small" variation="ghost" onClick={onRemove}>
          {text.remove}
          <span className="ds-u-visibility--screen-reader"> {name}</span>
        </Button>
      </div>
    </>
  );
}
