import { onboardingCauses } from '../../../../domain/onboarding/standing.ts';
import { onboardingStages } from '../../../../domain/stages.ts';
import { Button } from '../../form/button.tsx';
import { FilterList } from '../../form/filter-list.tsx';
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
      options: onboardingStages.map((stage) => ({
        value: stage,
        label: sentences.onboardingStage[stage].name,
      })),
    },
    {
      name: 'cause',
      label: text.cause,
      any: text.anyCause,
      options: onboardingCauses.map((cause) => ({ value: cause, label: sentences.onboardingCause[cause] })),
    },
    {
      name: 'olderThan',
      label: text.olderThan,
      any: text.anyAge,
      options: ages.map((age) => ({ value: age, label: age })),
    },
  ] as const;
  return (
    <div className="hod-inline-form">
      {lists.map(({ name, ...list }) => (
        <FilterList
          key={name}
          id={`filter-${name}`}
          {...list}
          value={filter[name] ?? ''}
          onChange={(value) => onChange({ ...filter, [name]: value || undefined })}
        />
      ))}
      <Button onClick={() => onChange({})}>{text.clear}</Button>
    </div>
  );
}
