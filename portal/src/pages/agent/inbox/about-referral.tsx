import type { Offer } from '../../../../../api/schemas/referrals/offers.ts';
import { languageLabel } from '../../../form/language-options.ts';
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

/** What the consumer needs, in one line. */
export function Need({ about: { need } }: { about: Pick<About, 'need'> }) {
  const { sentences, words } = useText();
  return (
    <p>
      {words.inbox.need}: <strong>{sentences.need[need]}</strong>
    </p>
  );
}

/** What else an agent may see before accepting: language, year, and how and when the consumer wants to be reached. */
export function AboutReferral({ about }: { about: About }) {
  return <Facts of={[...useLanguageAndYear(about), ...useContactWishes(about)]} />;
}

/** Names and values of the language that the consumer speaks, and of the year they need coverage for. */
export function useLanguageAndYear({
  language,
  interpreter,
  coverageYear,
}: Pick<About, 'language' | 'interpreter' | 'coverageYear'>) {
  const { sentences, words } = useText();
  const text = words.inbox;
  const name = languageLabel(language, sentences);
  return [
    [text.language, interpreter ? `${name} ${text.interpreter}` : name] as const,
    [text.coverageYear, coverageYear] as const,
  ];
}

/** Names and values of how and when the consumer wants to be reached. */
export function useContactWishes({ contactBy, contactTimes }: Pick<About, 'contactBy' | 'contactTimes'>) {
  const { sentences, words } = useText();
  const text = words.inbox;
  const times = contactTimes.map((time) => sentences.contactTime[time]).join('; ');
  return [
    [text.contactBy, text.contactWay[contactBy]] as const,
    [text.contactTimes, times || text.anyTime] as const,
  ];
}
