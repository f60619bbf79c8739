import type { ConsentText } from '../../../../api/schemas/terms.ts';

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
};

/** The body for the API's door: what is left empty is left out, and consent is the version that was read. */
export function toHelpRequest(
  values: HelpValues,
  consent: Pick<ConsentText, 'version' | 'language'>,
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
