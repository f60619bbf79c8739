import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/queries.ts';
import { Loaded } from '../../layout/loaded.tsx';
import { Page } from '../../layout/page.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { HelpForm } from './help-form.tsx';

/** Where a consumer asks for help; without the consent's text there is nothing to consent to, so it comes first. */
export function HelpPage() {
  const { calls, language } = usePortal();
  const text = useText().words.help;
  const consent = useQuery({
    queryKey: keys.consent(language),
    queryFn: () => calls.intakeConsent(language),
    staleTime: Number.POSITIVE_INFINITY,
  });
  // without these words nobody can agree to texts, and help does not depend on it: the form does not wait for them
  const texts = useQuery({
    queryKey: keys.textConsent(language),
    queryFn: () => calls.textConsent(language),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page title={text.title}>
      <p className="ds-text-body--lg">{text.lead}</p>
      <Loaded query={consent}>
        {(found) => (
          <HelpForm
            consent={found}
            onConsentChanged={() => void consent.refetch()}
            texts={texts.data}
            onTextsChanged={() => void texts.refetch()}
          />
        )}
      </Loaded>
    </Page>
  );
}
