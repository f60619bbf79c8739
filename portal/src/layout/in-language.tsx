import { setLanguage } from '@cmsgov/design-system';
import { type ReactNode, startTransition, use, useLayoutEffect, useMemo, useState } from 'react';
import { type PageLanguage, pageLanguage } from '../language.ts';
import { LanguageProvider, usePortal } from '../portal-context.tsx';

/**
 * Chooses the language of the page and its frame, and sets it in the document and in the design system. Waits for the texts of
 * the page; meanwhile the page before it stays.
 * @param isForConsumers pages for consumers are in their language, all others in English
 */
export function InLanguage({ isForConsumers, children }: { isForConsumers: boolean; children: ReactNode }) {
  const { browserLanguages, savedLanguage, loadTexts } = usePortal();
  const [chosen, setChosen] = useState(savedLanguage.read);
  const [ofRequest, setOfRequest] = useState<string>();
  const language = isForConsumers
    ? pageLanguage({ chosen, ofRequest, ofBrowser: browserLanguages })
    : ('en' as const);
  const texts = use(loadTexts(isForConsumers ? `consumers-${language}` : 'agents'));
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
    return { language, texts, choose: isForConsumers ? choose : undefined, setRequestLanguage };
  }, [language, texts, isForConsumers, savedLanguage]);
  return <LanguageProvider value={value}>{children}</LanguageProvider>;
}
