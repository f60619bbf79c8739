import { useSearchParams } from 'react-router';
import { languageCodes } from '../../../../../domain/values/languages.ts';
import { stateNames } from '../../../../../domain/values/state-names.ts';
import { kindOfPlace } from '../../../../../domain/values/territories.ts';
import { FilterList } from '../../../form/filter-list.tsx';
import { languageOptions } from '../../../form/language-options.ts';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { stateName } from '../../agent/profile/state-names.ts';

/** The group that the page is asked about. An empty text stands for all. */
interface PlaceAndLanguageChoice {
  state: string;
  language: string;
}

const states = Object.keys(stateNames).filter((state) => kindOfPlace(state) === 'state');

/** State and language, kept in the page's address, so that a link can name them. */
export function usePlaceAndLanguage(): [PlaceAndLanguageChoice, (choice: PlaceAndLanguageChoice) => void] {
  const [params, setParams] = useSearchParams();
  const one = (name: string, of: readonly string[]) => of.find((value) => value === params.get(name)) ?? '';
  const choose = (choice: PlaceAndLanguageChoice) =>
    setParams(Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== '')), {
      replace: true,
      preventScrollReset: true,
    });
  return [{ state: one('state', states), language: one('language', languageCodes) }, choose];
}

/** Lists of states and languages. A change applies at once. */
export function PlaceAndLanguage({
  chosen,
  onChange,
}: {
  chosen: PlaceAndLanguageChoice;
  onChange: (choice: PlaceAndLanguageChoice) => void;
}) {
  const { sentences, words } = useText();
  const { language: pageLanguage } = useLanguage();
  const text = words.howLong.choose;
  const lists = [
    {
      name: 'state',
      label: text.state,
      any: text.anyState,
      options: states.map((state) => ({ value: state, label: stateName(state, pageLanguage) })),
    },
    { name: 'language', label: text.language, any: text.anyLanguage, options: languageOptions(sentences) },
  ] as const;
  return (
    <div className="hod-inline-form">
      {lists.map(({ name, ...list }) => (
        <FilterList
          key={name}
          id={`waiting-${name}`}
          {...list}
          value={chosen[name]}
          onChange={(value) => onChange({ ...chosen, [name]: value })}
        />
      ))}
    </div>
  );
}
