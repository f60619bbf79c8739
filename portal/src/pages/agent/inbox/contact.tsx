import type { Consumer } from '../../../../../api/schemas/agents/profile.ts';
import type { ContactWay } from '../../../../../domain/referrals/contact-times.ts';
import { Facts, phoneText } from '../../../layout/facts.tsx';
import { useText } from '../../../portal-context.tsx';
import { type About, useContactWishes } from './about-referral.tsx';
import { mailLink } from './mail-link.ts';

type Way = 'call' | 'relay' | 'text' | 'email';

/** Ways that suit how the consumer wants to be reached, the preferred one first. */
const waysFor: Readonly<Record<ContactWay, readonly Way[]>> = {
  call: ['call', 'text', 'email'],
  relay: ['relay', 'text', 'email'],
  text: ['text'],
  email: ['email'],
};

/**
 * How to reach the consumer: a button for each way that suits them, and when. A number or an address that they do not want to
 * be reached by is shown as text. Shown to the agent who accepted for as long as they have the referral.
 */
export function Contact({
  consumer,
  wishes,
}: {
  consumer: Consumer;
  wishes: Pick<About, 'contactBy' | 'contactTimes'>;
}) {
  const text = useText().words.inbox;
  const known = useContactWishes(wishes);
  const { phone, email } = consumer;
  const buttons = waysFor[wishes.contactBy].flatMap((way) => buttonOf(way, consumer) ?? []);
  const isShown = (value: string) => buttons.some(({ shows }) => shows === value);
  const others = [
    ...(phone && !isShown(phone) ? [[text.phone, phoneText(phone)] as const] : []),
    ...(email && !isShown(email) ? [[text.email, email] as const] : []),
  ];
  return (
    <>
      {known.map(([name, value]) => (
        <p key={name}>
          {name}: <strong>{value}</strong>
        </p>
      ))}
      <div className="hod-buttons">
        {buttons.map(({ way, href, shows }, index) => (
          <a
            key={way}
            href={href}
            className={`ds-c-button ds-c-button--big${index === 0 ? ' ds-c-button--solid' : ''}`}
          >
            {text.reach[way](shows === phone ? phoneText(shows) : shows)}
          </a>
        ))}
      </div>
      {others.length > 0 && <Facts of={others} />}
    </>
  );
}

/** A link that begins a call or a message on the agent's device; undefined without such a contact. */
function buttonOf(way: Way, { phone, email }: Consumer) {
  if (way === 'email') return email === null ? undefined : { way, href: mailLink(email), shows: email };
  if (phone === null) return undefined;
  // the relay operator asks for the number and calls it
  const href = { call: `tel:${phone}`, relay: 'tel:711', text: `sms:${phone}` }[way];
  return { way, href, shows: phone };
}
