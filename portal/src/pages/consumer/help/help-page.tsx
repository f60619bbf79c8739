import { Loaded } from '../../../layout/loaded.tsx';
import { Page } from '../../../layout/page.tsx';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { HelpForm } from './help-form.tsx';
import { useConsentTexts } from './use-consent-texts.ts';

/** Where a consumer asks for help; without the consent's text there is nothing to consent to, so it comes first. */
export function HelpPage() {
  const text = useText().words.help;
  const { language } = useLanguage();
  const consent = useConsentTexts('intake');
  // without these words nobody can agree to texts, and help does not depend on it: the form does not wait for them
  const texts = useConsentTexts('texts');
  return (
    <Page title={text.title}>
      <p className="ds-text-body--lg">{text.lead}</p>
      <Loaded query={consent}>
        {(found) => (
          <HelpForm
            consent={found[language]}
            onConsentChanged={() => void consent.refetch()}
            texts={texts.data?.[language]}
            onTextsChanged={() => void texts.refetch()}
          />
        )}
      </Loaded>
    </Page>
  );
}
