import { Loaded } from '../../../layout/loaded.tsx';
import { Page } from '../../../layout/page.tsx';
import { useLanguage, useText } from '../../../portal-context.tsx';
import { HelpForm } from './help-form.tsx';
import { useConsentTexts } from './use-consent-texts.ts';

/** Page with the request form. The consent text is loaded first, because consumers must read it. */
export function HelpPage() {
  const text = useText().words.help;
  const { language } = useLanguage();
  const consent = useConsentTexts('intake');
  // the consent to texts is optional, so the form does not wait for its text
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
