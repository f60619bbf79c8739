import { useState } from 'react';
import type { ConsentText as Consent } from '../../../../../api/schemas/onboarding/terms.ts';
import { needs } from '../../../../../domain/referrals/referral.ts';
import type { ApiProblem } from '../../../api/problem.ts';
import type { Answer } from '../../../api/use-answer.ts';
import { Button } from '../../../form/button.tsx';
import { ErrorSummary, fieldId } from '../../../form/error-summary.tsx';
import { Checkbox, Choices, Select, TextInput } from '../../../form/fields.tsx';
import { languageOptions } from '../../../form/language-options.ts';
import type { PageLanguage } from '../../../language.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';
import { stateName } from '../../agent/profile/state-names.ts';
import { ConsentText } from './consent-text.tsx';
import { MoreWishes } from './more-wishes.tsx';
import { PlaceAnswer, stateOf } from './place-answer.tsx';
import { RefusedRequest } from './refused-request.tsx';
import { TextConsent } from './text-consent.tsx';
import { useHelpForm } from './use-help-form.ts';
import { usePlace } from './use-place.ts';
import { useRequest } from './use-request.ts';

type Consents = Answer<Readonly<Record<PageLanguage, Consent>>>;

/** Form of a consumer's request: where they live first, which decides who helps. Opens the status page once it was accepted. */
export function HelpForm({ consent: consents, texts: textConsents }: { consent: Consents; texts: Consents }) {
  const { helpDraft, open } = usePortal();
  const { sentences, words } = useText();
  const { language: pageLanguage } = useLanguage();
  const text = words.help;
  const { name, phone, email, zip, state, language, interpreter, coverageYear, need, asker } = text;
  const consent = consents.data?.[pageLanguage];
  const texts = textConsents.data?.[pageLanguage];
  const { form, values, years, summary, shown, textOf, submit, showRefused, clear } = useHelpForm({
    consent,
    texts,
  });

  const place = usePlace(values.zip, values.coverageYear);
  // of a refused request, where the look-up had no answer
  const [refusedStates, setRefusedStates] = useState<readonly string[]>([]);
  const [refusal, setRefusal] = useState<ApiProblem>();
  const stateOfPlace = stateOf(place, values.state);
  const isStateAsked = place?.stateNeeded && !(stateOfPlace?.refusal && place.states.length === 1);
  const states = place ? (isStateAsked ? place.states.map((one) => one.state) : []) : refusedStates;
  const isElsewhere = Boolean(stateOfPlace?.marketplace);

  const { isBusy, send } = useRequest({
    created: ({ id, token }) => {
      helpDraft.remove();
      open(`/status/${id}#${encodeURIComponent(token)}`);
    },
    refused: (problem) => {
      setRefusedStates(statesIn(problem));
      // a fault of a field is shown at the field, and goes with it
      if (problem.kind === 'state-marketplace' || !showRefused(problem)) setRefusal(problem);
      const isNewer = (field: 'consent' | 'textConsent') =>
        problem.errors.some(({ pointer }) => pointer.startsWith(`/${field}`));
      for (const [field, { refetch }] of [
        ['consent', consents],
        ['textConsent', textConsents],
      ] as const)
        if (isNewer(field)) {
          form.resetField(field, { keepError: true });
          refetch();
        }
    },
  });
  const sendAnew = (body: Parameters<typeof send>[0]) => {
    setRefusal(undefined);
    send(body);
  };
  const clearAll = () => {
    clear();
    setRefusal(undefined);
    document.getElementById(fieldId('zip'))?.focus();
  };
  const choose = { value: '', label: text.choose };

  return (
    <form
      noValidate
      className="hod-compact"
      onSubmit={(event) => {
        if (isElsewhere) event.preventDefault();
        else void submit(sendAnew)(event);
      }}
    >
      {refusal && <RefusedRequest problem={refusal} />}
      <ErrorSummary errors={isElsewhere ? [] : shown} box={summary} />
      <div className="hod-pair">
        <TextInput
          field={form.register('zip', {
            onChange: () => {
              setRefusedStates([]);
              form.resetField('state');
            },
          })}
          label={zip.label}
          error={textOf('zip')}
          inputMode="numeric"
          autoComplete="postal-code"
          size="small"
        />
        <Select
          field={form.register('coverageYear')}
          label={coverageYear.label}
          error={textOf('coverageYear')}
          options={years.map((one) => ({ value: `${one}`, label: `${one}` }))}
        />
      </div>
      <PlaceAnswer place={textOf('zip') === undefined ? place : undefined} state={stateOfPlace} />
      {states.length > 0 && (
        <Choices
          field={form.register('state')}
          label={state.label}
          error={textOf('state')}
          options={states.map((value) => ({ value, label: stateName(value, pageLanguage) }))}
        />
      )}
      {!isElsewhere && (
        <>
          <TextInput
            field={form.register('name')}
            label={name.label}
            error={textOf('name')}
            autoComplete="name"
          />
          <TextInput
            field={form.register('phone', { deps: ['email'] })}
            label={phone.label}
            hint={phone.hint}
            error={textOf('phone')}
            type="tel"
            autoComplete="tel"
          />
          <TextInput
            field={form.register('email', { deps: ['phone'] })}
            label={email.label}
            error={textOf('email')}
            type="email"
            autoComplete="email"
          />
          <Select
            field={form.register('need')}
            label={need.label}
            hint={need.hint}
            error={textOf('need')}
            options={[choose, ...needs.map((value) => ({ value, label: sentences.need[value] }))]}
          />
          <Select
            field={form.register('language')}
            label={language.label}
            error={textOf('language')}
            options={languageOptions(sentences)}
          />
          {values.language !== 'en' && (
            <Choices
              field={form.register('interpreter')}
              label={interpreter.label}
              options={(['mine', 'fine'] as const).map((value) => ({ value, label: interpreter[value] }))}
            />
          )}
          <Select
            field={form.register('asker')}
            label={asker.label}
            error={values.asker === 'neither' ? sentences.adultsOnly : textOf('asker')}
            options={[
              choose,
              ...(['adult', 'representative', 'neither'] as const).map((value) => ({
                value,
                label: asker[value],
              })),
            ]}
          />
          <MoreWishes form={form} textOf={textOf} />
          {texts && values.phone.trim() !== '' && (
            <TextConsent texts={texts} field={form.register('textConsent')} error={textOf('textConsent')} />
          )}
          <Loaded query={{ ...consents, data: consent }}>
            {(read) => <ConsentText heading={text.consent.heading} consent={read} />}
          </Loaded>
          <Checkbox field={form.register('consent')} label={text.consent.label} error={textOf('consent')} />
          <div className="hod-buttons">
            <Button type="submit" variation="solid" size="big" isBusy={isBusy}>
              {isBusy ? text.submitting : text.submit}
            </Button>
          </div>
        </>
      )}
      <p className="ds-text-body--sm">{text.kept}</p>
      <div className="hod-buttons">
        <Button type="button" size="small" variation="ghost" onClick={clearAll}>
          {text.clear}
        </Button>
      </div>
    </form>
  );
}

function statesIn({ members }: ApiProblem): readonly string[] {
  const { states } = members;
  return Array.isArray(states) ? states.filter((one) => typeof one === 'string') : [];
}
