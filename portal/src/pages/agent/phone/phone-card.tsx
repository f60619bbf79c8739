import { Alert } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { PhoneResponse } from '../../../../../api/schemas/agents/phones.ts';
import { isTextless, preferredChannels } from '../../../../../domain/notifications/contact.ts';
import { keys } from '../../../api/queries.ts';
import { DoneAlert } from '../../../layout/done-alert.tsx';
import { phoneText } from '../../../layout/facts.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

// most agents have confirmed their phone, and an inbox need not wait for what forms are made of
const CodeForm = lazy(async () => ({ default: (await import('./code-form.tsx')).CodeForm }));

/** Next step for the phone of an agent who chose texts: enter the code, or give another number. Often empty. */
export function PhoneCard() {
  const { calls } = usePortal();
  const text = useText().words.phone;
  const [confirmed, setConfirmed] = useState(false);
  const { data: own } = useQuery({ queryKey: keys.phone, queryFn: calls.phone });
  const step = own && phoneStepOf(own);
  return (
    <>
      {confirmed && <DoneAlert>{text.confirmed}</DoneAlert>}
      {own?.phone && step === 'textless' && (
        <Alert variation="warn" heading={text.textless.heading}>
          <p className="ds-u-margin--0">{text.textless.text(phoneText(own.phone))}</p>
        </Alert>
      )}
      {own?.phone && step === 'confirm' && (
        <section aria-labelledby="confirm-phone" className="hod-card">
          <h2 id="confirm-phone" className="ds-text-heading--md">
            {text.heading}
          </h2>
          <Suspense>
            <CodeForm own={own} phone={phoneText(own.phone)} onConfirmed={() => setConfirmed(true)} />
          </Suspense>
        </section>
      )}
    </>
  );
}

/** What an agent who chose texts still has to do about the phone; undefined: nothing. */
export function phoneStepOf({ phone, contactPreference, lineType, confirmedAt }: PhoneResponse) {
  if (phone === null) return undefined;
  if (!preferredChannels(contactPreference).includes('text')) return undefined;
  if (isTextless(lineType)) return 'textless';
  return confirmedAt === null ? 'confirm' : undefined;
}
