import { Alert } from '@cmsgov/design-system';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import { useNavigate } from 'react-router';
import { type Profile, profileChange } from '../../../../../api/schemas/agents/profile.ts';
import { messageLanguages } from '../../../../../domain/notifications/contact.ts';
import { languageCodes } from '../../../../../domain/values/languages.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { Choices } from '../../../form/fields.tsx';
import { languageLabel } from '../../../form/language-options.ts';
import { useApiForm } from '../../../form/use-api-form.ts';
import { DoneAlert } from '../../../layout/done-alert.tsx';
import { phoneText } from '../../../layout/facts.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { ownNames } from '../../../words/words.ts';
import { ContactFields } from '../register/contact-fields.tsx';
import { StateFields } from './state-fields.tsx';

/** Form for the agent's own data: languages, states and contact. In a review, "This is right" opens the inbox. */
export function ProfileForm({ profile, reviews }: { profile: Profile; reviews: boolean }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.profile;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [saved, setSaved] = useState(false);
  const { phone, contactPreference, zip } = words.register;
  const { form, summary, shown, textOf, submit, showRefused, draft } = useApiForm({
    schema: profileChange,
    defaults: valuesOf(profile),
    draft: { kept: 'profile' },
    // an unchanged phone is left out: a body with one needs a confirmed session
    toBody: ({ phone: typed, ...values }) => ({
      ...values,
      ...(typed.trim() === valuesOf(profile).phone ? {} : { phone: typed.trim() }),
      zip: values.zip.trim(),
    }),
    words: {
      languages: text.languages,
      states: text.states,
      phone,
      contactPreference,
      messageLanguage: text.messageLanguage,
      zip,
    },
  });
  const { isDirty } = form.formState;
  const preference = useWatch({ control: form.control, name: 'contactPreference' });
  const { data: availability } = useQuery({ queryKey: keys.availability, queryFn: calls.availability });
  const save = useMutation({
    mutationFn: calls.changeProfile,
    onSuccess: (now) => {
      const isOtherPhone = now.phone !== profile.phone;
      queries.setQueryData(keys.profile, now);
      form.reset(valuesOf(now));
      draft.clear();
      setSaved(true);
      void queries.invalidateQueries({ queryKey: keys.onboarding });
      void queries.invalidateQueries({ queryKey: keys.phone });
      // the ZIP code sets the time zone, and the preference the channels
      void queries.invalidateQueries({ queryKey: keys.availability });
      void queries.invalidateQueries({ queryKey: keys.readiness });
      // a new phone's code must be entered on this page first
      if (reviews && !isOtherPhone) void navigate('/inbox');
    },
    onError: (error) => void showRefused(asProblem(error)),
  });
  const send = submit((body) => {
    setSaved(false);
    if (reviews && !isDirty) void navigate('/inbox');
    else save.mutate(body);
  });
  const languages = [...new Set([...profile.languages, ...languageCodes])];

  return (
    <>
      <ProfileWarnings profile={profile} />
      <DraftNotice draft={draft} onDiscard={draft.discard} />
      {save.error && shown.length === 0 && <ProblemAlert error={save.error} />}
      {saved && !isDirty && <DoneAlert>{text.saved}</DoneAlert>}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void send(event)}>
        <h2 className="ds-text-heading--lg">{text.referrals}</h2>
        <div className="hod-many">
          <Choices
            many
            field={form.register('languages')}
            label={text.languages.label}
            error={textOf('languages')}
            options={languages.map((value) => ({ value, label: languageLabel(value, sentences) }))}
          />
        </div>
        <StateFields field={form.register('states')} error={textOf('states')} profile={profile} />
        <ContactFields register={form.register} textOf={textOf} preference={preference} />
        <Choices
          field={form.register('messageLanguage')}
          label={text.messageLanguage.label}
          hint={text.messageLanguage.hint}
          error={textOf('messageLanguage')}
          options={messageLanguages.map((value) => ({ value, label: ownNames[value] }))}
        />
        {availability && <p>{text.timeZone(availability.timeZone)}</p>}
        <div className="hod-buttons">
          <Button type="submit" variation="solid" size="big" isBusy={save.isPending}>
            {save.isPending ? text.saving : reviews ? text.confirm : text.save}
          </Button>
        </div>
      </form>
    </>
  );
}

/** Warns that the saved profile allows no offers, with the reason. */
function ProfileWarnings({ profile: { languages, states, availableStates } }: { profile: Profile }) {
  const text = useText().words.profile;
  const isServed = availableStates.some(({ state, canChoose }) => canChoose && states.includes(state));
  const found = [
    ...(languages.length === 0 ? [text.noOffersReason['no-language']] : []),
    ...(isServed ? [] : [text.noOffersReason['no-state']]),
  ];
  if (found.length === 0) return null;
  return (
    <Alert variation="warn" heading={text.noOffers}>
      {found.map((sentence) => (
        <p key={sentence} className="ds-u-margin--0">
          {sentence}
        </p>
      ))}
    </Alert>
  );
}

function valuesOf({ languages, states, phone, contactPreference, messageLanguage, zip }: Profile) {
  return {
    languages,
    states,
    phone: phone === null ? '' : phoneText(phone),
    contactPreference: contactPreference ?? '',
    messageLanguage,
    zip: zip ?? '',
  };
}
