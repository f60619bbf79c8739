import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';
import { readTypedAgent } from '../../../../../domain/matching/agent-wish.ts';

type ReadText = Pick<ConsentText, 'version' | 'language'>;

/** Values of the help form. */
export interface HelpValues {
  name: string;
  phone: string;
  email: string;
  zip: string;
  /** Asked only if the ZIP is in more than one state. */
  state: string;
  language: string;
  /** `mine`: only the chosen language; `fine`: an agent with an interpreter too. */
  interpreter: string;
  coverageYear: string;
  need: string;
  contactBy: string;
  contactTimes: string[];
  /** NPN or name of the consumer's own agent. */
  agent: string;
  returnToAgent: boolean;
  asker: string;
  consent: boolean;
  /** Never checked in advance, and optional. */
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
  agent: '',
  returnToAgent: false,
  asker: '',
  consent: false,
  textConsent: false,
};

/**
 * Converts the form to the request's body. Empty fields are omitted, and a consent is the version that was read. The
 * consent to texts is sent only with a phone number, even if it was checked before the number was removed.
 */
export function toHelpRequest(
  values: HelpValues,
  consent: ReadText | undefined,
  texts?: ReadText,
): Record<string, unknown> {
  return {
    name: values.name.trim(),
    phone: typed(values.phone),
    email: typed(values.email),
    zip: values.zip.trim(),
    state: values.state || undefined,
    language: values.language,
    // nobody who talks English needs an interpreter
    interpreter: (values.interpreter === 'fine' && values.language !== 'en') || undefined,
    coverageYear: values.coverageYear === '' ? undefined : Number(values.coverageYear),
    need: values.need,
    contactBy: values.contactBy || undefined,
    contactTimes: values.contactTimes.length > 0 ? values.contactTimes : undefined,
    agent: typed(values.agent) && readTypedAgent(values.agent),
    // a consumer who names an agent is not asked for the one before
    returnToAgent: (values.returnToAgent && !typed(values.agent)) || undefined,
    adult: values.asker === 'adult' || undefined,
    representative: values.asker === 'representative' || undefined,
    consent: { version: values.consent ? consent?.version : undefined, language: consent?.language },
    textConsent:
      values.textConsent && texts && typed(values.phone)
        ? { version: texts.version, language: texts.language }
        : undefined,
  };
}

function typed(text: string): string | undefined {
  return text.trim() || undefined;
}

/** Checks the rules that are not in the schema: a way to reach the consumer, and the person who asks. */
export function extraFaultsOf({ phone, email, asker }: HelpValues): ('phone' | 'asker')[] {
  return [
    ...(phone.trim() === '' && email.trim() === '' ? (['phone'] as const) : []),
    ...(asker === '' || asker === 'neither' ? (['asker'] as const) : []),
  ];
}
