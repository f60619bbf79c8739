import type { UseFormRegisterReturn } from 'react-hook-form';
import { contactPreferences, preferredChannels } from '../../../../../domain/notifications/contact.ts';
import { Choices, TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';
import { InstallOffer } from '../app/install-offer.tsx';

export interface ContactFieldsProps {
  register: (name: 'phone' | 'contactPreference' | 'zip') => UseFormRegisterReturn;
  textOf: (field: string) => string | undefined;
  /** The preference that is chosen now. */
  preference: string;
}

/**
 * Fields for phone, contact preference and ZIP code. The recommended preference comes first. One with the app offers it
 * (docs/guide.md, step 2).
 */
export function ContactFields({ register, textOf, preference }: ContactFieldsProps) {
  const { sentences, words } = useText();
  const text = words.register;
  const chosen = contactPreferences.find((known) => known === preference);
  return (
    <>
      <TextInput
        field={register('phone')}
        label={text.phone.label}
        hint={text.phone.hint}
        error={textOf('phone')}
        type="tel"
        autoComplete="tel-national"
      />
      <Choices
        field={register('contactPreference')}
        label={text.contactPreference.label}
        hint={text.contactPreference.hint}
        error={textOf('contactPreference')}
        options={contactPreferences.map((value) => {
          const { label, advice } = sentences.contactPreference[value];
          return { value, label, hint: advice ?? undefined };
        })}
      />
      {chosen && preferredChannels(chosen).includes('push') && <InstallOffer under={2} />}
      <TextInput
        field={register('zip')}
        label={text.zip.label}
        hint={text.zip.hint}
        error={textOf('zip')}
        inputMode="numeric"
        autoComplete="postal-code"
        size="small"
      />
    </>
  );
}
