import { TextField } from '@cmsgov/design-system';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { id as idSchema } from '../../../../api/schemas/fields.ts';
import { type ContactRead, opsReason } from '../../../../api/schemas/ops/ops-actions.ts';
import { Button } from '../../form/button.tsx';
import { DraftNotice } from '../../form/draft-notice.tsx';
import { useDraftState } from '../../form/use-draft.ts';
import { Facts, phoneText } from '../../layout/facts.tsx';
import { Page } from '../../layout/frame/page.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../portal-context.tsx';

const empty = { referralId: '', reason: '' };

/** Page on which ops read the contact of one consumer, with a reason that is on record. */
export function ContactPage() {
  const { calls } = usePortal();
  const text = useText().words.ops.contact;
  const [typed, setTyped, draft] = useDraftState({ lost: 'read-contact' }, empty);
  const [tried, setTried] = useState(false);
  const reading = useMutation({
    mutationFn: () => calls.readContact(typed.referralId.trim(), { reason: typed.reason }),
    onSuccess: draft.clear,
  });
  const isId = idSchema.safeParse(typed.referralId.trim()).success;
  const isReason = opsReason.safeParse({ reason: typed.reason }).success;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isId && isReason) reading.mutate();
    else document.getElementById(isId ? 'contact-reason' : 'contact-referral')?.focus();
  };
  const another = () => {
    reading.reset();
    setTyped(empty);
    setTried(false);
  };
  return (
    <Page title={text.title}>
      <p>{text.lead}</p>
      {reading.data ? (
        <ShownContact contact={reading.data} onAnother={another} />
      ) : (
        <form noValidate onSubmit={submit}>
          <DraftNotice draft={draft} onDiscard={another} />
          {reading.error && <ProblemAlert error={reading.error} />}
          <TextField
            id="contact-referral"
            name="referralId"
            label={text.referral}
            hint={text.referralHint}
            value={typed.referralId}
            onChange={({ target }) => setTyped((before) => ({ ...before, referralId: target.value }))}
            errorMessage={tried && !isId ? text.invalid : undefined}
          />
          <TextField
            id="contact-reason"
            name="reason"
            label={text.reason}
            hint={text.reasonHint}
            multiline
            rows={3}
            value={typed.reason}
            onChange={({ target }) => setTyped((before) => ({ ...before, reason: target.value }))}
            errorMessage={tried && !isReason ? text.missing : undefined}
          />
          <div className="hod-buttons">
            <Button type="submit" variation="solid" isBusy={reading.isPending}>
              {reading.isPending ? text.reading : text.submit}
            </Button>
          </div>
        </form>
      )}
      <p>
        <Link to="/ops">{text.back}</Link>
      </p>
    </Page>
  );
}

/** The contact, for as long as the page is open. */
function ShownContact({ contact, onAnother }: { contact: ContactRead; onAnother: () => void }) {
  const text = useText().words.ops.contact;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { name, phone, email } = contact.consumer;
  return (
    <section aria-labelledby="contact">
      <h2 id="contact" ref={heading} tabIndex={-1} className="ds-text-heading--lg hod-quiet-focus">
        {text.heading(contact.referralId)}
      </h2>
      <Facts
        of={[
          [text.name, name],
          [text.phone, phone === null ? text.none : phoneText(phone)],
          [text.email, email ?? text.none],
        ]}
      />
      <div className="hod-buttons">
        <Button onClick={onAnother}>{text.another}</Button>
      </div>
    </section>
  );
}
