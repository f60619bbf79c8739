import type { UseFormRegisterReturn } from 'react-hook-form';
import { contactPreferences } from '../../../../../domain/notifications/contact.ts';
import { Choices, TextInput } from '../../../form/fields.tsx';
import { useText } from '../../../portal-context.tsx';

export interface ContactFieldsProps {
  register: (name: 'phone' | 'contactPreference' | 'zip') => UseFormRegisterReturn;
  textOf: (field: string) => string | undefined;
}

/** Fields for phone, contact preference and ZIP code. The recommended preference comes first. */
export function ContactFields({ register, textOf }: ContactFieldsProps) {
  const { sentences, words } = useText();
  const text = words.register;
  return (
    <>
      <h2 className="ds-text-heading--lg">{text.contact}</h2>
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
