import { Badge } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { AgentReferral } from '../../../../../api/schemas/referrals/offers.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import type { Sentences } from '../../../../../domain/text/sentences.ts';
import { Facts } from '../../../layout/facts.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';
import { Need, useLanguageAndYear } from './about-referral.tsx';
import { AttemptForm } from './attempt-form.tsx';
import { Contact } from './contact.tsx';
import { endText } from './late-answer.ts';
import { Notes } from './notes.tsx';
import { OutcomeForm } from './outcome-form.tsx';
import { TimeLeft } from './time-left.tsx';

export interface ReferralCardProps {
  referral: AgentReferral;
  /** It was accepted just now on this page, whose button is gone, or a link led to it. */
  takesFocus: boolean;
}

/** One accepted referral: the consumer with the ways to reach them, the deadline, the outcome, and what they need. */
export function ReferralCard({ referral, takesFocus }: ReferralCardProps) {
  const { sentences, words } = useText();
  const text = words.inbox;
  const when = whenHere(useNow(30_000));
  const { stage, consumer, contactDueAt } = referral;
  const heading = useRef<HTMLHeadingElement>(null);
  const hasReported = useRef(false);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  // the last report removes the form, so the focus moves here
  useEffect(() => {
    if (stage === 'ended' && hasReported.current) heading.current?.focus();
  }, [stage]);
  const place = text.offerHeading(referral.city, referral.state, referral.zip);
  const acceptedAt = text.acceptedAt(sentences.at(new Date(referral.acceptedAt), when));
  const sentence = progressText(referral, sentences, when);
  return (
    <li className="hod-card">
      <h3 ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
        {consumer ? consumer.name : place}
      </h3>
      <p>{consumer ? `${place}. ${acceptedAt}` : acceptedAt}</p>
      <Need about={referral} />
      <p>
        <StageBadge referral={referral} when={when} />
      </p>
      {stage === 'accepted' && contactDueAt && <TimeLeft phase="accepted" until={new Date(contactDueAt)} />}
      {sentence && <p>{sentence}</p>}
      {consumer ? <Contact consumer={consumer} wishes={referral} /> : <p>{text.contactGone}</p>}
      {stage === 'accepted' && contactDueAt && <AttemptForm referral={referral} />}
      {stage !== 'ended' && (stage === 'contacted' || contactDueAt) && (
        <OutcomeForm
          offerId={referral.offerId}
          referralId={referral.id}
          phase={stage}
          onReported={() => {
            hasReported.current = true;
          }}
        />
      )}
      {consumer && <Notes referral={referral} />}
      <Facts of={useLanguageAndYear(referral)} />
    </li>
  );
}

function StageBadge({
  referral: { stage, contactDueAt },
  when,
}: {
  referral: AgentReferral;
  when: TimeContext;
}) {
  const { sentences, words } = useText();
  const text = words.inbox.stage;
  if (stage === 'contacted') return <Badge variation="info">{text.contacted}</Badge>;
  if (stage === 'ended') return <Badge>{text.ended}</Badge>;
  // not known in the moment after the acceptance
  if (!contactDueAt) return null;
  return <Badge variation="warn">{text.accepted(sentences.at(new Date(contactDueAt), when))}</Badge>;
}

/** Next step with its deadline, or the end of the referral; a deadline to get in touch has a clock instead. */
function progressText(referral: AgentReferral, sentences: Sentences, when: TimeContext): string | undefined {
  const { stage, closesAt, end, endedAt } = referral;
  if (stage === 'ended') return endedAt ? endText(end, new Date(endedAt), sentences, when) : undefined;
  return stage === 'contacted' && closesAt
    ? sentences.offerPhase.contacted({ until: new Date(closesAt), when })
    : undefined;
}
