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
  return (
    <Page title={text.title}>
      <p className="ds-text-body--lg">{text.lead}</p>
      <Loaded query={consent}>
        {(found) => <HelpForm consent={found} onConsentChanged={() => void consent.refetch()} />}
      </Loaded>
    </Page>
  );
}
