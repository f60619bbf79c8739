import { setLanguage } from '@cmsgov/design-system';
import { type ReactNode, startTransition, use, useLayoutEffect, useMemo, useState } from 'react';
import { type PageLanguage, type PageReaders, pageLanguage } from '../../language.ts';
import { LanguageProvider, usePortal } from '../../portal-context.tsx';
import { textsOf } from '../../words/words.ts';

/**
 * Chooses the language of the page and its frame, and sets it in the document and in the design system. Waits for the texts of
 * the page; meanwhile the page before it stays.
 */
export function InLanguage({ readers, children }: { readers: PageReaders; children: ReactNode }) {
  const { browserLanguages, savedLanguage, loadTexts } = usePortal();
  const [chosen, setChosen] = useState(savedLanguage.read);
  const [ofRequest, setOfRequest] = useState<string>();
  const language = pageLanguage({ readers, chosen, ofRequest, ofBrowser: browserLanguages });
  const texts = use(loadTexts(textsOf(readers, language)));
  // the design system's components read it while they render
  setLanguage(language);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => {
    const choose = (wanted: PageLanguage) => {
      savedLanguage.save(wanted);
      startTransition(() => setChosen(wanted));
    };
    const setRequestLanguage = (wanted: string) => startTransition(() => setOfRequest(wanted));
    return {
      language,
      texts,
      choose: readers === 'operations' ? undefined : choose,
      setRequestLanguage,
      // they are in English, and for people who know the service
      showsDetails: readers !== 'consumers' && language === 'en',
    };
  }, [language, texts, readers, savedLanguage]);
  return <LanguageProvider value={value}>{children}</LanguageProvider>;
}
