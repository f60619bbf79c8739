import { useQuery } from '@tanstack/react-query';
import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';
import { keys } from '../../../api/queries.ts';
import { type PageLanguage, pageLanguages } from '../../../language.ts';
import { usePortal } from '../../../portal-context.tsx';

type ConsentTexts = Readonly<Record<PageLanguage, ConsentText>>;

/**
 * The words of a consent in every language of the pages at once, so that a form which is being filled in neither waits for
 * them nor loses them when its language changes.
 */
export function useConsentTexts(kind: 'intake' | 'texts') {
  const { calls } = usePortal();
  return useQuery({
    queryKey: keys.consent(kind),
    queryFn: async (): Promise<ConsentTexts> => {
      const texts = pageLanguages.map(async (language) => [language, await calls.consent(kind, language)]);
      return Object.fromEntries(await Promise.all(texts)) as ConsentTexts;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
