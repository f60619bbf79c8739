import type { ContactCorrectionBody as Correction } from '../../../../../api/schemas/referrals/consumer-actions.ts';
import { contactCorrection } from '../../../../../api/schemas/referrals/consumer-actions.ts';
import type { ReferralKey } from '../../../api/calls.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLanguage, usePortal, useText } from '../../../portal-context.tsx';
import { TextConsent } from '../help/text-consent.tsx';
import { useConsentTexts } from '../help/use-consent-texts.ts';
import { useConsumerAction } from './use-consumer-action.ts';

/** Form to correct the phone number or email address when the agent could not reach the consumer. */
export function ContactCorrection({ referralKey }: { referralKey: ReferralKey }) {
  const { calls } = usePortal();
  const { language } = useLanguage();
  const { words } = useText();
  const text = words.status.correct;
  // the consent to texts is optional, so the form does not wait for its text
  const texts = useConsentTexts('texts').data?.[language];
  const { form, textOf, submit, showRefused } = useApiForm({
    schema: contactCorrection,
    defaults: { phone: '', email: '', textConsent: false },
    draft: 'logged-out',
    toBody: ({ phone, email, textConsent }) => ({
      phone: phone || undefined,
      email: email || undefined,
      textConsent:
        textConsent && texts && phone ? { version: texts.version, language: texts.language } : undefined,
    }),
    words: { phone: words.help.phone, email: words.help.email, textConsent: words.help.textConsent },
  });
  const correct = useConsumerAction(referralKey, (body: Correction) =>
    calls.correctContact(referralKey, body),
  );
  const send = (body: Correction) =>
    correct.mutate(body, { onError: (error) => void showRefused(asProblem(error)) });
  const isWaiting = correct.data !== undefined && 'codeExpiresAt' in correct.data;
  if (correct.isSuccess && !isWaiting) return <Status>{text.done}</Status>;
  return (
    <section aria-labelledby="correct" className="hod-card">
      <h2 id="correct" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <form noValidate onSubmit={(event) => void submit(send)(event)}>
        {correct.error && <ProblemAlert error={correct.error} />}
        {isWaiting && !correct.isPending && <Status>{text.waiting}</Status>}
        <TextInput field={form.register('phone')} label={text.phone} type="tel" error={textOf('phone')} />
        <TextInput field={form.register('email')} label={text.email} type="email" error={textOf('email')} />
        {texts && form.watch('phone').trim() !== '' && (
          <TextConsent texts={texts} field={form.register('textConsent')} error={textOf('textConsent')} />
        )}
        <div className="hod-buttons">
          <Button type="submit" isBusy={correct.isPending}>
            {text.send}
          </Button>
        </div>
      </form>
    </section>
  );
}
