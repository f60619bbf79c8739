import { Badge } from '@cmsgov/design-system';
import { useEffect, useRef } from 'react';
import type { AgentReferral } from '../../../../../api/schemas/referrals/offers.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import type { Sentences } from '../../../../../domain/text/sentences.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';
import { AboutReferral } from './about-referral.tsx';
import { AttemptForm } from './attempt-form.tsx';
import { Contact } from './contact.tsx';
import { endText } from './late-answer.ts';
import { Notes } from './notes.tsx';
import { OutcomeForm } from './outcome-form.tsx';

/** One accepted referral: the consumer, the deadline, and the outcome. */
export function ReferralCard({ referral }: { referral: AgentReferral }) {
  const { sentences, words } = useText();
  const text = words.inbox;
  const when = whenHere(useNow(30_000));
  const { stage, consumer } = referral;
  const heading = useRef<HTMLHeadingElement>(null);
  const hasReported = useRef(false);
  // the last report removes the form, so the focus moves here
  useEffect(() => {
    if (stage === 'ended' && hasReported.current) heading.current?.focus();
  }, [stage]);
  const sentence = progressText(referral, sentences, when);
  return (
    <li className="hod-card">
      <div className="hod-heading">
        <h3 ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
          {text.offerHeading(referral.city, referral.state, referral.zip)}
        </h3>
        <Badge variation={stage === 'accepted' ? 'warn' : stage === 'contacted' ? 'info' : undefined}>
          {text.stage[stage]}
        </Badge>
      </div>
      {sentence && <p>{sentence}</p>}
      {consumer ? <Contact consumer={consumer} /> : <p>{text.contactGone}</p>}
      <AboutReferral about={referral} />
      {consumer && <Notes referral={referral} />}
      <p className="ds-text-body--sm ds-u-margin--0">
        {text.acceptedAt} {sentences.at(new Date(referral.acceptedAt), when)}
      </p>
      {stage === 'accepted' && <AttemptForm referral={referral} />}
      {stage !== 'ended' && (
        <OutcomeForm
          offerId={referral.offerId}
          referralId={referral.id}
          phase={stage}
          onReported={() => {
            hasReported.current = true;
          }}
        />
      )}
    </li>
  );
}

/** Next step with its deadline, or the end of the referral. */
function progressText(referral: AgentReferral, sentences: Sentences, when: TimeContext): string | undefined {
  const { stage, contactDueAt, closesAt, end, endedAt } = referral;
  if (stage === 'ended') return endedAt ? endText(end, new Date(endedAt), sentences, when) : undefined;
  const until = stage === 'accepted' ? contactDueAt : closesAt;
  return until ? sentences.offerPhase[stage]({ until: new Date(until), when }) : undefined;
}
