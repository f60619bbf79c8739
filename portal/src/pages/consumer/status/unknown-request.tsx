import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { statusLinkRequest } from '../../../../../api/schemas/referrals/referrals.ts';
import type { EmailFault } from '../../../../../domain/values/email-address.ts';
import type { PhoneFault } from '../../../../../domain/values/phone-number.ts';
import { asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { TextInput } from '../../../form/fields.tsx';
import { useApiForm } from '../../../form/use-api-form.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** Page for a link that is incomplete or unknown, with a form to send it again. */
export function UnknownRequest() {
  const { again, unknown } = useText().words.status;
  return (
    <Page title={unknown.title}>
      <p>{unknown.text}</p>
      <StatusLinkForm />
      <p>
        <Link to="/help">{again}</Link>
      </p>
    </Page>
  );
}

function StatusLinkForm() {
  const { calls } = usePortal();
  const { linkAgain: text } = useText().words.status;
  const { missing, invalid } = text.contact;
  // one field for phone and email, so one error text for both
  const codes = {
    'phone-or-email-needed': missing,
    'not-a-us-phone': invalid,
    'phone-extension': invalid,
    'phone-letters': invalid,
    'premium-phone': invalid,
    'not-an-email': invalid,
    'email-alone': invalid,
    'email-not-ascii': invalid,
  } satisfies Record<'phone-or-email-needed' | PhoneFault | EmailFault, string>;
  const { form, textOf, submit, showRefused } = useApiForm({
    schema: statusLinkRequest,
    defaults: { contact: '' },
    draft: 'logged-out',
    toBody: ({ contact }) =>
      contact.includes('@') ? { email: contact.trim() } : { phone: contact.trim() || undefined },
    words: { contact: { ...text.contact, codes } },
    fieldsByMember: { phone: 'contact', email: 'contact' },
    extraFaults: ({ contact }) => (contact.trim() === '' ? ['contact'] : []),
  });
  const ask = useMutation({
    mutationFn: calls.askForStatusLink,
    onError: (error) => void showRefused(asProblem(error)),
  });
  if (ask.isSuccess) return <Status>{text.sent}</Status>;
  return (
    <form noValidate onSubmit={(event) => void submit((body) => ask.mutate(body))(event)}>
      <p>{text.lead}</p>
      {ask.error && textOf('contact') === undefined && <ProblemAlert error={ask.error} />}
      <TextInput field={form.register('contact')} label={text.contact.label} error={textOf('contact')} />
      <div className="hod-buttons">
        <Button type="submit" variation="solid" isBusy={ask.isPending}>
          {ask.isPending ? text.sending : text.send}
        </Button>
      </div>
    </form>
  );
}
