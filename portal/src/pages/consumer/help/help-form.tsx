import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { v4 as newKey } from 'uuid';
import type { ConsentText } from '../../../../../api/schemas/onboarding/terms.ts';
import { helpRequest } from '../../../../../api/schemas/referrals/referrals.ts';
import { contactTimes, contactWays } from '../../../../../domain/referrals/contact-times.ts';
import { needs } from '../../../../../domain/referrals/referral.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import type { FaultWords } from '../../../form/field-words.ts';
import { Checkbox, Choices, Select, TextInput } from '../../../form/fields.tsx';
import { createIdempotencyKeys } from '../../../form/idempotency-key.ts';
import { languageOptions } from '../../../form/language-options.ts';
import { useApiForm } from '../../../form/use-api-form.ts';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';
import { stateName } from '../../agent/profile/state-names.ts';
import { RefusedRequest } from './refused-request.tsx';
import { TextConsent } from './text-consent.tsx';
import { emptyHelp, extraFaultsOf, type HelpValues, toHelpRequest } from './to-help-request.ts';

/** Form of a consumer's request. Opens the status page after it was accepted. */
export function HelpForm({
  consent,
  onConsentChanged,
  texts,
  onTextsChanged,
}: {
  consent: ConsentText;
  onConsentChanged: () => void;
  /** Undefined until they are loaded. */
  texts: ConsentText | undefined;
  onTextsChanged: () => void;
}) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const { language: pageLanguage } = useLanguage();
  const text = words.help;
  const navigate = useNavigate();
  const [keyFor] = useState(() => createIdempotencyKeys(newKey));
  const { name, phone, email, zip, state, language, interpreter, coverageYear, need, asker } = text;
  // the state is asked only for a ZIP that is in more than one state
  const [states, setStates] = useState<readonly string[]>([]);
  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: helpRequest,
    defaults: { ...emptyHelp, language: pageLanguage },
    draft: 'logged-out',
    toBody: (values: HelpValues) => toHelpRequest(values, consent, texts),
    words: {
      name,
      phone,
      email,
      zip,
      state,
      language,
      interpreter: undefined,
      coverageYear,
      need,
      contactBy: text.contactBy,
      contactTimes: undefined,
      agent: text.agent,
      returnToAgent: undefined,
      asker: {
        ...asker,
        invalid: sentences.adultsOnly,
        codes: { 'adult-or-representative-needed': sentences.adultsOnly } satisfies FaultWords<'adult'>,
      },
      textConsent: text.textConsent,
      consent: text.consent,
    },
    fieldsByMember: { adult: 'asker', representative: 'asker' },
    extraFaults: extraFaultsOf,
  });
  const hasChosenLanguage = form.formState.dirtyFields.language === true;
  useEffect(() => {
    // people most likely want to talk in the language that they read
    if (!hasChosenLanguage) form.resetField('language', { defaultValue: pageLanguage });
  }, [form, pageLanguage, hasChosenLanguage]);
  const readIn = useRef<{ consent?: string; textConsent?: string }>({});
  useEffect(() => {
    // the consent is to the text in the language that was read
    const offered = { consent: consent.language, textConsent: texts?.language };
    for (const field of ['consent', 'textConsent'] as const)
      if (readIn.current[field] !== offered[field]) form.resetField(field, { keepError: true });
    readIn.current = offered;
  }, [form, consent.language, texts?.language]);
  const ask = useMutation({
    mutationFn: (body: Parameters<typeof calls.askForHelp>[0]) => calls.askForHelp(body, keyFor(body)),
    onSuccess: ({ id, token }) => navigate(`/status/${id}#${encodeURIComponent(token)}`),
    onError: (error) => {
      const problem = asProblem(error);
      if (problem.kind === 'state-marketplace') return;
      setStates(statesIn(problem));
      showRefused(problem);
      if (problem.errors.some(({ pointer }) => pointer.startsWith('/consent'))) {
        form.resetField('consent', { keepError: true });
        onConsentChanged();
      }
      if (problem.errors.some(({ pointer }) => pointer.startsWith('/textConsent'))) {
        form.resetField('textConsent', { keepError: true });
        onTextsChanged();
      }
    },
  });
  const year = now().getFullYear();
  const sending = ask.isPending || ask.isSuccess;

  return (
    <form noValidate onSubmit={(event) => void submit((body) => ask.mutate(body))(event)}>
      {ask.error && shown.length === 0 && <RefusedRequest problem={asProblem(ask.error)} />}
      <ErrorSummary errors={shown} box={summary} />
      <TextInput
        field={form.register('name')}
        label={name.label}
        error={textOf('name')}
        autoComplete="name"
      />
      <TextInput
        field={form.register('phone')}
        label={phone.label}
        hint={phone.hint}
        error={textOf('phone')}
        type="tel"
        autoComplete="tel"
      />
      <TextInput
        field={form.register('email')}
        label={email.label}
        error={textOf('email')}
        type="email"
        autoComplete="email"
      />
      <TextInput
        field={form.register('zip', {
          onChange: () => {
            setStates([]);
            form.resetField('state');
          },
        })}
        label={zip.label}
        hint={zip.hint}
        error={textOf('zip')}
        inputMode="numeric"
        autoComplete="postal-code"
        size="small"
      />
      {states.length > 0 && (
        <Choices
          field={form.register('state')}
          label={state.label}
          error={textOf('state')}
          options={states.map((value) => ({ value, label: stateName(value, pageLanguage) }))}
        />
      )}
      <Select
        field={form.register('language')}
        label={language.label}
        error={textOf('language')}
        options={languageOptions(sentences)}
      />
      <Choices
        field={form.register('interpreter')}
        label={interpreter.label}
        options={(['mine', 'fine'] as const).map((value) => ({ value, label: interpreter[value] }))}
      />
      <Choices
        field={form.register('coverageYear')}
        label={coverageYear.label}
        error={textOf('coverageYear')}
        options={[year, year + 1].map((one) => ({ value: `${one}`, label: `${one}` }))}
      />
      <Choices
        field={form.register('need')}
        label={need.label}
        hint={need.hint}
        error={textOf('need')}
        options={needs.map((value) => ({ value, label: sentences.need[value] }))}
      />
      <Choices
        field={form.register('contactBy')}
        label={text.contactBy.label}
        error={textOf('contactBy')}
        options={contactWays.map((value) => ({ value, label: sentences.contactWay[value] }))}
      />
      <Choices
        field={form.register('contactTimes')}
        label={text.contactTimes.label}
        hint={text.contactTimes.hint}
        options={contactTimes.map((value) => ({ value, label: sentences.contactTime[value] }))}
        many
      />
      <TextInput
        field={form.register('agent')}
        label={text.agent.label}
        hint={text.agent.hint}
        error={textOf('agent')}
      />
      {form.watch('agent').trim() === '' && (
        <Checkbox
          field={form.register('returnToAgent')}
          label={text.returnToAgent.label}
          hint={text.returnToAgent.hint}
        />
      )}
      <Choices
        field={form.register('asker')}
        label={asker.label}
        error={form.watch('asker') === 'neither' ? sentences.adultsOnly : textOf('asker')}
        options={(['adult', 'representative', 'neither'] as const).map((value) => ({
          value,
          label: asker[value],
        }))}
      />
      {texts && form.watch('phone').trim() !== '' && (
        <TextConsent texts={texts} field={form.register('textConsent')} error={textOf('textConsent')} />
      )}
      <h2 className="ds-text-heading--lg">{text.consent.heading}</h2>
      <p lang={consent.language}>{consent.text}</p>
      <p className="ds-text-body--sm">{words.document.version(consent.version)}</p>
      <Checkbox field={form.register('consent')} label={text.consent.label} error={textOf('consent')} />
      <div className="hod-buttons">
        <Button type="submit" variation="solid" size="big" isBusy={sending}>
          {sending ? text.submitting : text.submit}
        </Button>
      </div>
    </form>
  );
}

function statesIn({ members }: ApiProblem): readonly string[] {
  const { states } = members;
  return Array.isArray(states) ? states.filter((one) => typeof one === 'string') : [];
}
