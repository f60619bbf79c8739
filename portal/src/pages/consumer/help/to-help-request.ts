import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';

type ReadText = Pick<ConsentText, 'version' | 'language'>;

/** The help form as it is filled in. */
export interface HelpValues {
  name: string;
  phone: string;
  email: string;
  zip: string;
  /** Asked for where the ZIP lies in more than one. */
  state: string;
  language: string;
  /** `mine`: only the language above; `fine`: an interpreter is, too. */
  interpreter: string;
  coverageYear: string;
  need: string;
  contactBy: string;
  contactTimes: string[];
  asker: string;
  consent: boolean;
  /** Never ticked beforehand, never needed. */
  textConsent: boolean;
}

export const emptyHelp: HelpValues = {
  name: '',
  phone: '',
  email: '',
  zip: '',
  state: '',
  language: 'en',
  interpreter: 'mine',
  coverageYear: '',
  need: '',
  contactBy: '',
  contactTimes: [],
  asker: '',
  consent: false,
  textConsent: false,
};

/**
 * The body for the API's door: what is left empty is left out, and a consent is the version that was read. The one to
 * texts goes with a phone only, whatever was ticked while there was one.
 */
export function toHelpRequest(
  values: HelpValues,
  consent: ReadText,
  texts?: ReadText,
): Record<string, unknown> {
  return {
    name: values.name.trim(),
    phone: typed(values.phone),
    email: typed(values.email),
    zip: values.zip.trim(),
    state: values.state || undefined,
    language: values.language,
    interpreter: values.interpreter === 'fine' || undefined,
    coverageYear: values.coverageYear === '' ? undefined : Number(values.coverageYear),
    need: values.need,
    contactBy: values.contactBy || undefined,
    contactTimes: values.contactTimes.length > 0 ? values.contactTimes : undefined,
    adult: values.asker === 'adult' || undefined,
    representative: values.asker === 'representative' || undefined,
    consent: { version: values.consent ? consent.version : undefined, language: consent.language },
    textConsent:
      values.textConsent && texts && typed(values.phone)
        ? { version: texts.version, language: texts.language }
        : undefined,
  };
}

function typed(text: string): string | undefined {
  return text.trim() || undefined;
}

/** What the door asks for beyond the shape of its fields: a way to reach the consumer, and who asks. */
export function alsoWrong({ phone, email, asker }: HelpValues): ('phone' | 'asker')[] {
  return [
    ...(phone.trim() === '' && email.trim() === '' ? (['phone'] as const) : []),
    ...(asker === '' || asker === 'neither' ? (['asker'] as const) : []),
  ];
}
