import type { Consumer } from '../../../../../api/schemas/agents/profile.ts';
import { Facts, phoneText } from '../../../layout/facts.tsx';
import { useText } from '../../../portal-context.tsx';

/** The consumer's contact data, shown to the agent who accepted for as long as they have the referral. */
export function Contact({ consumer }: { consumer: Consumer }) {
  const text = useText().words.inbox;
  const { name, phone, email } = consumer;
  return (
    <Facts
      of={[
        [text.consumer, name],
        [text.phone, phone ? <a href={`tel:${phone}`}>{phoneText(phone)}</a> : text.none],
        [text.email, email ? <a href={`mailto:${email}`}>{email}</a> : text.none],
      ]}
    />
  );
}
