import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Offer, OfferAccepted } from '../../../../../api/schemas/referrals/offers.ts';
import type { DeclineReason } from '../../../../../domain/referrals/offer.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { AboutReferral } from './about-referral.tsx';
import { DeclineForm } from './decline-form.tsx';
import { TimeLeft } from './time-left.tsx';

export interface OfferCardProps {
  offer: Offer;
  onAccepted: (accepted: OfferAccepted) => void;
  onDeclined: (declinedAt: Date) => void;
  /** Called when the answer was refused. @returns true if the refusal is shown elsewhere */
  onRefused: (problem: ApiProblem) => boolean;
}

/** One offer: its facts, the time left, and the buttons to accept and decline. */
export function OfferCard({ offer, onAccepted, onDeclined, onRefused }: OfferCardProps) {
  const { calls } = usePortal();
  const text = useText().words.inbox;
  const [decline, setDecline, draft] = useDraftState<{ reason?: DeclineReason } | null>(
    { kept: `decline ${offer.id}` },
    null,
  );
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
  const isBusy = accept.isPending || refuse.isPending;
  const heading = `offer-${offer.id}`;

  return (
    <li className="hod-card">
      <h3 id={heading} className="ds-text-heading--md">
        {text.offerHeading(offer.city, offer.state, offer.zip)}
      </h3>
      <AboutReferral about={offer} />
      <TimeLeft expiresAt={new Date(offer.expiresAt)} />
      {error && <ProblemAlert error={error} />}
      <DraftNotice draft={draft} onDiscard={() => setDecline(null)} />
      {decline ? (
        <DeclineForm
          offerId={offer.id}
          reason={decline.reason}
          onChange={(reason) => setDecline({ reason })}
          isBusy={isBusy}
          onDecline={(reason) => refuse.mutate(reason)}
          onCancel={() => {
            setDecline(null);
            draft.clear();
          }}
        />
      ) : (
        <div className="hod-buttons">
          <Button
            variation="solid"
            isBusy={isBusy}
            onClick={() => accept.mutate()}
            aria-describedby={heading}
          >
            {accept.isPending ? text.accepting : text.accept}
          </Button>
          <Button isBusy={isBusy} onClick={() => setDecline({})} aria-describedby={heading}>
            {text.decline}
          </Button>
        </div>
      )}
    </li>
  );
}
