import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Offer, OfferAccepted } from '../../../../../api/schemas/referrals/offers.ts';
import type { DeclineReason } from '../../../../../domain/referrals/offer.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { AboutReferral, Need } from './about-referral.tsx';
import { AnswerForm, type OpenDecline } from './answer-form.tsx';
import { TimeLeft } from './time-left.tsx';

export interface OfferCardProps {
  offer: Offer;
  onAccepted: (accepted: OfferAccepted) => Promise<void>;
  onDeclined: (declinedAt: Date) => void;
  /** Called when the answer was refused. @returns true if the refusal is shown elsewhere */
  onRefused: (problem: ApiProblem) => boolean;
}

/** One offer: where, how long, what for, and the buttons to accept and decline; then what else is known. */
export function OfferCard({ offer, onAccepted, onDeclined, onRefused }: OfferCardProps) {
  const { calls } = usePortal();
  const text = useText().words.inbox;
  const [decline, setDecline, draft] = useDraftState<OpenDecline>({ kept: `decline ${offer.id}` }, null);
  const [error, setError] = useState<Error>();
  const onError = (refused: Error) => setError(onRefused(asProblem(refused)) ? undefined : refused);
  const accept = useMutation({
    mutationFn: () => calls.acceptOffer(offer.id),
    onSuccess: onAccepted,
    onError,
  });
  const refuse = useMutation({
    mutationFn: (reason: DeclineReason) => calls.declineOffer(offer.id, { reason }),
    onSuccess: ({ at }) => {
      draft.clear();
      onDeclined(new Date(at));
    },
    onError,
  });
  const heading = `offer-${offer.id}`;

  return (
    <li className="hod-card">
      <h3 id={heading} className="ds-text-heading--md">
        {text.offerHeading(offer.city, offer.state, offer.zip)}
      </h3>
      <TimeLeft phase="offered" until={new Date(offer.expiresAt)} />
      <Need about={offer} />
      {error && <ProblemAlert error={error} />}
      <DraftNotice draft={draft} onDiscard={() => setDecline(null)} />
      <AnswerForm
        offerId={offer.id}
        heading={heading}
        decline={decline}
        setDecline={(open) => {
          setDecline(open);
          if (!open) draft.clear();
        }}
        isAccepting={accept.isPending}
        isDeclining={refuse.isPending}
        onAccept={() => accept.mutate()}
        onDecline={(reason) => refuse.mutate(reason)}
      />
      <AboutReferral about={offer} />
    </li>
  );
}
