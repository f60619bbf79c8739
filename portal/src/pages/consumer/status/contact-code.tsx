import { useNavigate } from 'react-router';
import { enteredCode } from '../../../../../api/schemas/referrals/intake.ts';
import type { ReferralResponse } from '../../../../../api/schemas/referrals/referrals.ts';
import { normalizeTypedCode } from '../../../../../domain/values/normalize-typed.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import type { FaultWords } from '../../../form/field-words.ts';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useConsumerAction } from './use-consumer-action.ts';

/** Form for the code that starts a request. If the contact has an open request already, opens that one's page. */
export function ContactCode({
  referralKey,
  codesBy = [],
  isUnderWay,
}: {
  referralKey: ReferralKey;
  /** True if the request has started with the code of another contact. */
  isUnderWay: boolean;
  codesBy?: ReferralResponse['codesBy'];
}) {
  const { calls } = usePortal();
  const { words } = useText();
  const text = words.status.confirm;
  const navigate = useNavigate();
  const enter = useConsumerAction(referralKey, (body: { code: string }) =>
    calls.enterContactCode(referralKey, body),
  );
  const resend = useConsumerAction(referralKey, (call: boolean | undefined) =>
    calls.sendContactCode(referralKey, call),
  );
  const attemptsLeft = attemptsLeftIn(enter.error);
  const { form, textOf, submit, showRefused } = useApiForm({
    schema: enteredCode,
    defaults: { code: '' },
    draft: 'logged-out',
    toBody: ({ code }) => ({ code: normalizeTypedCode(code) || undefined }),
    words: {
      code: {
        missing: text.missing,
        invalid: text.invalid,
        codes: { 'wrong-code': text.wrong(attemptsLeft) } satisfies FaultWords<'code'>,
      },
    },
  });
  const isCalled = codesBy.includes('voice');
  const send = (body: { code: string }) =>
    enter.mutate(body, {
      onSuccess: ({ id, token }) => {
        if (id !== referralKey.id) void navigate(`/status/${id}#${encodeURIComponent(token)}`);
      },
      onError: (error) => void showRefused(asProblem(error)),
    });
  const failed = resend.error ?? (textOf('code') === undefined ? enter.error : null);
  return (
    <section aria-labelledby="confirm" className="hod-card">
      <h2 id="confirm" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <p>{text.sent(codesBy)}</p>
      {isUnderWay && <p>{text.isUnderWay}</p>}
      <form noValidate onSubmit={(event) => void submit(send)(event)}>
        {failed && <ProblemAlert error={failed} />}
        {resend.isSuccess && !enter.isPending && <Status>{isCalled ? text.calling : text.resent}</Status>}
        <TextInput
          field={form.register('code')}
          label={text.label}
          error={textOf('code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          size="small"
        />
        <div className="hod-buttons">
          <Button type="submit" variation="solid" isBusy={enter.isPending}>
            {enter.isPending ? text.submitting : text.submit}
          </Button>
          <Button type="button" isBusy={resend.isPending} onClick={() => resend.mutate(undefined)}>
            {isCalled ? text.callAgain : text.resend}
          </Button>
          {codesBy.includes('text') && (
            <Button type="button" isBusy={resend.isPending} onClick={() => resend.mutate(true)}>
              {text.call}
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}

function attemptsLeftIn(error: unknown): number {
  const { attemptsLeft } = error ? asProblem(error).members : {};
  return typeof attemptsLeft === 'number' ? attemptsLeft : 0;
}
