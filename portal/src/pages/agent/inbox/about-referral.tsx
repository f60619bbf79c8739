import type { Offer } from '../../../../../api/schemas/referrals/offers.ts';
import { Facts } from '../../../layout/facts.tsx';
import { useText } from '../../../portal-context.tsx';

export type About = Pick<
  Offer,
  | 'zip'
  | 'city'
  | 'state'
  | 'language'
  | 'interpreter'
  | 'need'
  | 'coverageYear'
  | 'contactBy'
  | 'contactTimes'
>;

/** Facts that an agent may see before accepting: place, language and need. */
export function AboutReferral({ about }: { about: About }) {
  const { sentences, words } = useText();
  const text = words.inbox;
  const language = sentences.languageName(about.language);
  return (
    <Facts
      of={[
        [text.need, sentences.need[about.need]],
        [text.language, about.interpreter ? `${language} ${text.interpreter}` : language],
        [text.coverageYear, about.coverageYear],
        [text.contactBy, sentences.contactWay[about.contactBy]],
        ...about.contactTimes.map((time): [string, string] => [
          text.contactTimes,
          sentences.contactTime[time],
        ]),
      ]}
    />
  );
}
