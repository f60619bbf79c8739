import { TextField } from '@cmsgov/design-system';
import { type SubmitEvent, useState } from 'react';
import { offerStates } from '../../../../../domain/referrals/offer-history.ts';
import { needs } from '../../../../../domain/referrals/referral.ts';
import { Button } from '../../../form/button.tsx';
import { FilterList } from '../../../form/filter-list.tsx';
import { languageOptions } from '../../../form/language-options.ts';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { statesByName } from '../profile/state-names.ts';
import { useStateWords } from './state-words.ts';
import type { HistoryFilter } from './use-history-filter.ts';

export interface HistoryFilterFormProps {
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
}

/** Search and filters of the history. A choice in a list applies at once, a place when it is sent. */
export function HistoryFilterForm({ filter, onChange }: HistoryFilterFormProps) {
  const { sentences, words } = useText();
  const { language } = useLanguage();
  const text = words.record.history;
  const stateWords = useStateWords();
  const [typed, setTyped] = useState<{ instead: string | undefined; place: string }>();
  // what the address then names replaces what was typed, also after the button to go back
  const place = (typed?.instead === filter.place ? typed?.place : undefined) ?? filter.place ?? '';
  const search = (event: SubmitEvent) => {
    event.preventDefault();
    onChange({ ...filter, place: place.trim() });
  };
  const clear = () => {
    setTyped(undefined);
    onChange({});
  };
  const lists = [
    {
      name: 'state',
      label: text.state,
      any: text.anyState,
      options: statesByName(language),
    },
    { name: 'language', label: text.language, any: text.anyLanguage, options: languageOptions(sentences) },
    {
      name: 'need',
      label: text.need,
      any: text.anyNeed,
      options: needs.map((value) => ({ value, label: sentences.need[value] })),
    },
    {
      name: 'became',
      label: text.became,
      any: text.anyBecame,
      options: offerStates.map((value) => ({ value, label: stateWords(value) })),
    },
  ] as const;
  return (
    <form noValidate onSubmit={search} className="hod-inline-form">
      <TextField
        id="history-place"
        name="place"
        label={text.place}
        size="medium"
        maxLength={60}
        value={place}
        onChange={(event) => setTyped({ instead: filter.place, place: event.target.value })}
      />
      <Button type="submit">{text.search}</Button>
      {lists.map(({ name, ...list }) => (
        <FilterList
          key={name}
          id={`history-${name}`}
          {...list}
          value={filter[name] ?? ''}
          onChange={(value) => onChange({ ...filter, [name]: value || undefined })}
        />
      ))}
      <Button onClick={clear}>{text.clear}</Button>
    </form>
  );
}
