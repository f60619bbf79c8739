import { useEffect, useRef, useState } from 'react';
import type { ConsentText as Consent } from '../../../../../api/schemas/onboarding/terms.ts';
import { usualCoverageYear } from '../../../../../domain/time/coverage-season.ts';
import type { FaultWords } from '../../../form/field-words.ts';
import { useApiForm } from '../../../form/use-api-form.ts';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';
import { helpRequestCheck } from './help-request-check.ts';
import { emptyHelp, extraFaultsOf, type HelpValues, toHelpRequest } from './to-help-request.ts';

/**
 * State of the form for help: what was typed before in this tab, the year of the season and the language of the page to begin with,
 * and the draft that is kept of it.
 * @param read the consents that the page shows, undefined until they are loaded
 */
export function useHelpForm(read: { consent: Consent | undefined; texts: Consent | undefined }) {
  const { helpDraft, now } = usePortal();
  const { sentences, words } = useText();
  const { language: pageLanguage } = useLanguage();
  const text = words.help;
  const { consent, texts } = read;
  const year = now().getFullYear();
  const [initial] = useState<HelpValues>(() => ({
    ...emptyHelp,
    language: pageLanguage,
    coverageYear: `${usualCoverageYear({ year, month: now().getMonth() + 1 })}`,
  }));
  const [kept, setKept] = useState(helpDraft.read);
  const apiForm = useApiForm({
    schema: helpRequestCheck,
    defaults: { ...initial, ...kept },
    draft: 'logged-out',
    toBody: (values: HelpValues) => toHelpRequest(values, consent, texts),
    words: {
      zip: text.zip,
      coverageYear: text.coverageYear,
      state: text.state,
      name: text.name,
      phone: text.phone,
      email: text.email,
      need: text.need,
      language: text.language,
      interpreter: undefined,
      asker: {
        ...text.asker,
        invalid: sentences.adultsOnly,
        codes: { 'adult-or-representative-needed': sentences.adultsOnly } satisfies FaultWords<'adult'>,
      },
      contactBy: text.contactBy,
      contactTimes: undefined,
      agent: text.agent,
      returnToAgent: undefined,
      textConsent: text.textConsent,
      consent: text.consent,
    },
    fieldsByMember: { adult: 'asker', representative: 'asker' },
    extraFaults: extraFaultsOf,
  });
  const { form } = apiForm;

  const hasChosenLanguage = kept?.language !== undefined || form.formState.dirtyFields.language === true;
  useEffect(() => {
    // people most likely want to talk in the language that they read
    if (!hasChosenLanguage) form.resetField('language', { defaultValue: pageLanguage });
  }, [form, pageLanguage, hasChosenLanguage]);
  useEffect(() => {
    const following = form.watch((changed, { type }) => {
      if (type !== 'change') return;
      const { consent: _, textConsent: __, language, ...others } = changed as HelpValues;
      const isChosen = kept?.language !== undefined || form.getFieldState('language').isDirty;
      helpDraft.save({ ...others, ...(isChosen ? { language } : {}) });
    });
    return () => following.unsubscribe();
  }, [form, helpDraft, kept]);

  const readIn = useRef<{ consent?: string | undefined; textConsent?: string | undefined }>({});
  useEffect(() => {
    // the consent is to the text in the language that was read
    const offered = { consent: consent?.language, textConsent: texts?.language };
    for (const field of ['consent', 'textConsent'] as const)
      if (readIn.current[field] !== offered[field]) form.resetField(field, { keepError: true });
    readIn.current = offered;
  }, [form, consent?.language, texts?.language]);

  return {
    ...apiForm,
    values: form.watch(),
    years: [year, year + 1],
    /** Empties the form, and forgets what was kept of it. */
    clear: () => {
      helpDraft.remove();
      setKept(undefined);
      form.reset({ ...initial, language: pageLanguage });
    },
  };
}
