import { Page } from '../../../layout/frame/page.tsx';
import { useText } from '../../../portal-context.tsx';
import { HelpForm } from './help-form.tsx';
import { useConsentTexts } from './use-consent-texts.ts';

/** Page with the request form, which does not wait for the texts of the consents: they come last in it. */
export function HelpPage() {
  const text = useText().words.help;
  const consent = useConsentTexts('intake');
  const texts = useConsentTexts('texts');
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      <HelpForm consent={consent} texts={texts} />
    </Page>
  );
}
