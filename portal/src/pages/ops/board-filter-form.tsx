import { Button, Label } from '@cmsgov/design-system';
import type { ChangeEvent } from 'react';
import { onboardingCauses } from '../../../../domain/onboarding/standing.ts';
import { onboardingStages } from '../../../../domain/stages.ts';
import { useText } from '../../portal-context.tsx';
import { ages, type BoardFilter } from './use-board-filter.ts';

export interface BoardFilterFormProps {
  filter: BoardFilter;
  onChange: (filter: BoardFilter) => void;
}

/** Filter of the board: stage, cause and age. A change applies at once. */
export function BoardFilterForm({ filter, onChange }: BoardFilterFormProps) {
  const { sentences, words } = useText();
  const text = words.ops;
  const lists = [
    {
      name: 'stage',
      label: text.stage,
      any: text.anyStage,
      options: onboardingStages.map((stage) => [stage, sentences.onboardingStage[stage].name]),
    },
    {
      name: 'cause',
      label: text.cause,
      any: text.anyCause,
      options: onboardingCauses.map((cause) => [cause, sentences.onboardingCause[cause]]),
    },
    {
      name: 'olderThan',
      label: text.olderThan,
      any: text.anyAge,
      options: ages.map((age) => [age, age]),
    },
  ] as const;
  const choose = (name: string) => (event: ChangeEvent<HTMLSelectElement>) =>
    onChange({ ...filter, [name]: event.target.value || undefined });
  return (
    <div className="hod-inline-form">
      {lists.map(({ name, label, any, options }) => (
        <div key={name}>
          <Label fieldId={`filter-${name}`}>{label}</Label>
          <select
            id={`filter-${name}`}
            className="ds-c-field hod-select"
            value={filter[name] ?? ''}
            onChange={choose(name)}
          >
            <option value="">{any}</option>
            {options.map(([value, optionLabel]) => (
              <option key={value} value={value}>
                {optionLabel}
              </option>
            ))}
          </select>
        </div>
      ))}
      <Button onClick={() => onChange({})}>{text.clear}</Button>
    </div>
  );
}
