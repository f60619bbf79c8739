import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { useWatch } from 'react-hook-form';
import type { Invitation } from '../../../../../api/schemas/onboarding/invitations.ts';
import { registration } from '../../../../../api/schemas/onboarding/registrations.ts';
import {
  type AgentChannel,
  contactPreferences,
  preferredChannels,
} from '../../../../../domain/notifications/contact.ts';
import { isSameNpn } from '../../../../../domain/values/npn.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { ErrorSummary } from '../../../form/error-summary.tsx';
import { Checkbox } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { useCheckOnLeave } from '../../../form/use-check-on-leave.ts';
import { DocumentText } from '../../../layout/document-text.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { deleteKeptLinkToken } from '../../../link/use-link-token.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { AccountFields } from './account-fields.tsx';
import { ContactFields } from './contact-fields.tsx';
import { Identity } from './identity.tsx';
import { knownFaults } from './password-rules.tsx';
import { RegistrationSteps } from './registration-steps.tsx';
import { accountFields, concernsAccount, useFormPart } from './use-form-part.ts';

const empty = { username: '', password: '', phone: '', contactPreference: '', zip: '', terms: false };

export interface RegistrationFormProps {
  token: string;
  invitation: Invitation;
  /** Called after registration. @param channels over which the agent wants offers */
  onDone: (channels: readonly AgentChannel[]) => void;
  /** Called when a newer version of the terms is in force. */
  onTermsChanged: () => void;
  /** Called with a problem that belongs to no field. @returns true if it is shown elsewhere */
  onRefused: (problem: ApiProblem) => boolean;
}

/**
 * Registration form: required data, the Terms of Use, and "Sign Up" (docs/guide.md, step 2). It has two parts, each about two
 * screens of a phone: how to log in; then contact and terms.
 */
export function RegistrationForm({
  token,
  invitation,
  onDone,
  onTermsChanged,
  onRefused,
}: RegistrationFormProps) {
  const { calls, now } = usePortal();
  const { sentences, words } = useText();
  const text = words.register;
  const { firstName, lastName, email, npn, termsOfUse } = invitation;
  const termsName = sentences.terms['terms-of-use'];
  const owner = (username: string) => ({ firstName, lastName, email, npn, username });

  const { form, summary, shown, textOf, check, submit, showRefused } = useApiForm({
    schema: registration,
    defaults: empty,
    draft: 'logged-out',
    toBody: ({ terms, username, phone, zip, contactPreference, password }) => ({
      token,
      username: username.trim(),
      password,
      phone: phone.trim(),
      contactPreference,
      zip: zip.trim(),
      termsOfUseVersion: terms ? termsOfUse.version : undefined,
    }),
    words: {
      username: text.username,
      password: { ...text.password, codes: sentences.passwordFault },
      phone: text.phone,
      contactPreference: text.contactPreference,
      zip: text.zip,
      terms: text.terms,
    },
    fieldsByMember: { termsOfUseVersion: 'terms', version: 'terms' },
    extraFaults: ({ password, username }) => [
      ...(isSameNpn(username, npn) ? (['username'] as const) : []),
      ...(knownFaults(password, owner(username)).length > 0 ? (['password'] as const) : []),
    ],
  });
  const checkLeftField = useCheckOnLeave(form);
  const [password, username, preference] = useWatch({
    control: form.control,
    name: ['password', 'username', 'contactPreference'],
  });
  // until one is chosen, the steps are those of the recommended preference, which is the first
  const chosen = contactPreferences.find((known) => known === preference) ?? contactPreferences[0];

  const { part, open, heading, shownHere } = useFormPart({ account: [username, password], shown, summary });

  const signUp = useMutation({
    mutationFn: calls.register,
    onSuccess: (_, { contactPreference }) => {
      deleteKeptLinkToken('invitation');
      onDone(preferredChannels(contactPreference));
    },
    onError: (error) => {
      const problem = asProblem(error);
      const shownAtFields = showRefused(problem);
      if (problem.errors.some(({ pointer }) => /version$/i.test(pointer))) {
        form.resetField('terms', { keepError: true });
        onTermsChanged();
      }
      if (concernsAccount(problem)) open('account');
      if (!shownAtFields) onRefused(problem);
    },
  });
  const failed = signUp.error && asProblem(signUp.error);

  const isFirst = part === 'account';
  const send = (event: SubmitEvent) => {
    if (!isFirst) return submit((body) => signUp.mutate(body))(event);
    event.preventDefault();
    return check(accountFields).then((isRight) => {
      if (isRight) open('contact');
    });
  };

  return (
    <>
      <RegistrationSteps current={part} hasCode={preferredChannels(chosen).includes('text')} />
      {isFirst && (
        <>
          <p>
            {text.lead(invitation.planYear)}{' '}
            {text.linkEnds(sentences.at(new Date(invitation.expiresAt), whenHere(now())))}
          </p>
          <Identity invitation={invitation} />
        </>
      )}
      {failed && shown.length === 0 && <ProblemAlert error={failed} />}
      <ErrorSummary errors={shownHere} box={summary} />
      {/* leaving one of its fields comes up to it */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate onBlur={checkLeftField} onSubmit={(event) => void send(event)}>
        <h2 ref={heading} tabIndex={-1} className="ds-text-heading--lg">
          {text.steps[part]}
        </h2>
        {/* hidden and not left out: password managers look for its fields when the form is sent */}
        <div hidden={!isFirst}>
          <AccountFields
            register={form.register}
            textOf={textOf}
            password={password}
            owner={owner(username)}
          />
        </div>
        <div hidden={isFirst}>
          <ContactFields register={form.register} textOf={textOf} preference={preference} />
          <h2 className="ds-text-heading--lg">{termsName}</h2>
          <DocumentText name={termsName} version={termsOfUse.version} text={termsOfUse.text} />
          <Checkbox
            field={form.register('terms')}
            label={text.terms.label(termsName)}
            error={textOf('terms')}
          />
        </div>
        <div className="hod-buttons">
          {isFirst ? (
            <Button type="submit" variation="solid" size="big">
              {text.next}
            </Button>
          ) : (
            <>
              <Button type="submit" variation="solid" size="big" isBusy={signUp.isPending}>
                {signUp.isPending ? text.submitting : text.submit}
              </Button>
              <Button size="big" onClick={() => open('account')}>
                {text.back}
              </Button>
            </>
          )}
        </div>
      </form>
    </>
  );
}
