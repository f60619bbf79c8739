import type { WaitingPeriod } from '../../../../../domain/referrals/waiting-times.ts';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { stateName } from '../../agent/profile/state-names.ts';

/** Whose requests a figure is about. */
interface Group {
  state: string | null;
  language: string | null;
  period: WaitingPeriod;
}

/** Returns a function that says whose requests a figure is about, and of which time. */
export function useGroupWords(): (group: Group) => string {
  const { sentences, words } = useText();
  const { language: pageLanguage } = useLanguage();
  const text = words.howLong.group;
  return ({ state, language, period }) => {
    const place = state === null ? text.everywhere : text.inState(stateName(state, pageLanguage));
    const spoken = language === null ? '' : text.inLanguage(sentences.languageName(language));
    return text.sentence(`${place}${spoken}`, text.period[period]);
  };
}
