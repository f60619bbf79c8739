import { useSearchParams } from 'react-router';
import { type OfferState, offerStates } from '../../../../../domain/referrals/offer-history.ts';
import { type Need, needs } from '../../../../../domain/referrals/referral.ts';
import { type LanguageCode, languageCodes } from '../../../../../domain/values/languages.ts';
import { stateNames } from '../../../../../domain/values/state-names.ts';

export interface HistoryFilter {
  place?: string | undefined;
  state?: string | undefined;
  language?: LanguageCode | undefined;
  need?: Need | undefined;
  became?: OfferState | undefined;
}

/** Filter of the history, kept in the page's address, without what the address has wrong. */
export function useHistoryFilter(): [HistoryFilter, (filter: HistoryFilter) => void] {
  const [params, setParams] = useSearchParams();
  const one = <Value extends string>(name: string, of: readonly Value[]) =>
    of.find((value) => value === params.get(name));
  const filter = {
    place: params.get('place')?.slice(0, 60) || undefined,
    state: one('state', Object.keys(stateNames)),
    language: one('language', languageCodes),
    need: one('need', needs),
    became: one('became', offerStates),
  };
  const choose = (chosen: HistoryFilter) => setParams(parametersOf(chosen), { preventScrollReset: true });
  return [filter, choose];
}

/** Query parameters of what is chosen. */
export function parametersOf(filter: HistoryFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
