import { stateNames } from '../../../../../domain/values/state-names.ts';
import type { PageLanguage } from '../../../language.ts';

/** Those that have a name of their own in Spanish. */
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

/** A state by its name; the two letters where it has none here. */
export function stateName(state: string, language: PageLanguage = 'en'): string {
  return (language === 'es' ? spanishNames[state] : undefined) ?? stateNames[state] ?? state;
}
