import { Button, Choice } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useWatch } from 'react-hook-form';
import type { Invitation } from '../../../../api/schemas/invitations.ts';
import { registration } from '../../../../api/schemas/registrations.ts';
import { contactPreferences } from '../../../../domain/contact.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { ErrorSummary } from '../../form/error-summary.tsx';
import { Choices, TextInput, Tick } from '../../form/fields.tsx';
import { useApiForm } from '../../form/use-api-form.ts';
import { DocumentText } from '../../layout/document-text.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';
import { Identity } from './identity.tsx';
import { forgetInvitationToken } from './invitation-token.ts';
import { knownFaults, PasswordRules } from './password-rules.tsx';

const empty = { username: '', password: '', phone: '', contactPreference: '', zip: '', terms: false };

export interface RegistrationFormProps {
  token: string;
  invitation: Invitation;
  onDone: () => void;
  /** A newer version of the terms is in force. */
  onTermsChanged: () => void;
  /** The service refused for another reason than a field; true when that is dealt with elsewhere. */
  onRefused: (problem: ApiProblem) => boolean;
}

/** The registration page's form (guide, Registration 2): what is needed, the Terms of Use, «Sign Up». */
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
  const { firstName, lastName, email, termsOfUse } = invitation;
  const termsName = sentences.terms['terms-of-use'];
  const personal = (username: string) => [firstName, lastName, email, username];
  const [showsPassword, setShowsPassword] = useState(false);

  const { form, summary, shown, textOf, submit, showRefused } = useApiForm({
    schema: registration,
    defaults: empty,
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
    standsFor: { termsOfUseVersion: 'terms', version: 'terms' },
    alsoWrong: ({ password, username }) =>
      knownFaults(password, personal(username)).length > 0 ? ['password'] : [],
  });
  const [password, username] = useWatch({ control: form.control, name: ['password', 'username'] });

  const signUp = useMutation({
    mutationFn: calls.register,
    onSuccess: () => {
      forgetInvitationToken();
      onDone();
    },
    onError: (error) => {
      const problem = asProblem(error);
      const shownAtFields = showRefused(problem);
      if (problem.errors.some(({ pointer }) => /version$/i.test(pointer))) {
        form.resetField('terms', { keepError: true });
        onTermsChanged();
      }
      if (!shownAtFields) onRefused(problem);
    },
  });
  const failed = signUp.error && asProblem(signUp.error);

  return (
    <>
      <p>
        {text.lead(invitation.planYear)}{' '}
        {text.linkEnds(sentences.at(new Date(invitation.expiresAt), whenHere(now())))}
      </p>
      <Identity name={`${firstName} ${lastName}`.trim()} email={email} />
      {failed && shown.length === 0 && <ProblemAlert error={failed} />}
      <ErrorSummary errors={shown} box={summary} />
      <form noValidate onSubmit={(event) => void submit((body) => signUp.mutate(body))(event)}>
        <h2 className="ds-text-heading--lg">{text.account}</h2>
        <TextInput
          field={form.register('username')}
          label={text.username.label}
          hint={text.username.hint}
          error={textOf('username')}
          autoComplete="username"
        />
        <TextInput
          field={form.register('password')}
          label={text.password.label}
          error={textOf('password')}
          type={showsPassword ? 'text' : 'password'}
          autoComplete="new-password"
          aria-describedby="password-rules"
        />
        <Choice
          type="checkbox"
          size="small"
          name="show-password"
          value="yes"
          label={text.password.show}
          checked={showsPassword}
          onChange={() => setShowsPassword(!showsPassword)}
        />
        <PasswordRules id="password-rules" password={password} personal={personal(username)} />
        <h2 className="ds-text-heading--lg">{text.contact}</h2>
        <TextInput
          field={form.register('phone')}
          label={text.phone.label}
          hint={text.phone.hint}
          error={textOf('phone')}
          type="tel"
          autoComplete="tel-national"
        />
        <Choices
          field={form.register('contactPreference')}
          label={text.contactPreference.label}
          hint={text.contactPreference.hint}
          error={textOf('contactPreference')}
          options={contactPreferences.map((value) => {
            const { label, advice } = sentences.contactPreference[value];
            return { value, label, hint: advice ?? undefined };
          })}
        />
        <TextInput
          field={form.register('zip')}
          label={text.zip.label}
          hint={text.zip.hint}
          error={textOf('zip')}
          inputMode="numeric"
          autoComplete="postal-code"
          size="small"
        />
        <h2 className="ds-text-heading--lg">{termsName}</h2>
        <DocumentText name={termsName} version={termsOfUse.version} text={termsOfUse.text} />
        <Tick field={form.register('terms')} label={text.terms.label(termsName)} error={textOf('terms')} />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" size="big" disabled={signUp.isPending}>
            {signUp.isPending ? text.submitting : text.submit}
          </Button>
        </div>
      </form>
    </>
  );
}
