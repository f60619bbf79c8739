import { useCallback } from 'react';
import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';
import { useAnswer } from '../../../api/use-answer.ts';
import { type PageLanguage, pageLanguages } from '../../../language.ts';
import { usePortal } from '../../../portal-context.tsx';

type ConsentTexts = Readonly<Record<PageLanguage, ConsentText>>;

/**
 * Loads a consent text in all languages of the pages at once, so that a change of language neither waits for it nor
 * interrupts the form.
 */
export function useConsentTexts(kind: 'intake' | 'texts') {
  const { calls } = usePortal();
  const read = useCallback(async (): Promise<ConsentTexts> => {
    const texts = pageLanguages.map(async (language) => [language, await calls.consent(kind, language)]);
    return Object.fromEntries(await Promise.all(texts)) as ConsentTexts;
  }, [calls, kind]);
  return useAnswer(read);
}
