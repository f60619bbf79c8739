import type { UseFormRegisterReturn } from 'react-hook-form';
import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';
import { Checkbox } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';

/** Consent to texts, shown when a phone number is given. Never checked in advance, and optional. */
export function TextConsent({
  texts,
  field,
  error,
}: {
  texts: ConsentText;
  field: UseFormRegisterReturn;
  error: string | undefined;
}) {
  const { words } = useText();
  const { heading, label } = words.help.textConsent;
  return (
    <>
      <h2 className="ds-text-heading--lg">{heading}</h2>
      <p lang={texts.language}>{texts.text}</p>
      <p className="ds-text-body--sm">{words.document.version(texts.version)}</p>
      <Checkbox field={field} label={label} error={error} />
    </>
  );
}
