import type { UseFormRegisterReturn } from 'react-hook-form';
import type { ConsentText as Consent } from '../../../../../api/schemas/onboarding/terms.ts';
import { Checkbox } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import { ConsentText } from './consent-text.tsx';

/** Consent to texts, shown when a phone number is given. Never checked in advance, and optional. */
export function TextConsent({
  texts,
  field,
  error,
}: {
  texts: Consent;
  field: UseFormRegisterReturn;
  error: string | undefined;
}) {
  const { heading, label } = useText().words.help.textConsent;
  return (
    <>
      <ConsentText heading={heading} consent={texts} />
      <Checkbox field={field} label={label} error={error} />
    </>
  );
}
