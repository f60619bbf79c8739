import { stateNames } from '../../../../../domain/values/state-names.ts';
import type { PageLanguage } from '../../../language.ts';

/** States whose Spanish name differs. */
const spanishNames: Readonly<Record<string, string>> = {
  DC: 'Distrito de Columbia',
  HI: 'Hawái',
  LA: 'Luisiana',
  MO: 'Misuri',
  MS: 'Misisipi',
  NC: 'Carolina del Norte',
  ND: 'Dakota del Norte',
  NH: 'Nuevo Hampshire',
  NJ: 'Nueva Jersey',
  NM: 'Nuevo México',
  NY: 'Nueva York',
  OR: 'Oregón',
  PA: 'Pensilvania',
  SC: 'Carolina del Sur',
  SD: 'Dakota del Sur',
  WV: 'Virginia Occidental',
};

/** Name of a state; its two letters if the name is unknown. */
export function stateName(state: string, language: PageLanguage): string {
  return (language === 'es' ? spanishNames[state] : undefined) ?? stateNames[state] ?? state;
}

/** Options of a list of all states, by name. */
export function statesByName(language: PageLanguage): { value: string; label: string }[] {
  return Object.keys(stateNames)
    .map((value) => ({ value, label: stateName(value, language) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, language));
}
