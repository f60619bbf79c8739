import { useEffect, useRef } from 'react';
import type { DeclineReason } from '../../../../../domain/referrals/offer.ts';
import { Button } from '../../../form/button.tsx';
import { useText } from '../../../portal-context.tsx';
import { DeclineForm } from './decline-form.tsx';

/** Reason chosen so far in the decline form, while it is open. */
export type OpenDecline = { reason?: DeclineReason } | null;

export interface AnswerFormProps {
  offerId: string;
  /** Id of the heading that says which offer it is. */
  heading: string;
  decline: OpenDecline;
  setDecline: (decline: OpenDecline) => void;
  isAccepting: boolean;
  isDeclining: boolean;
  onAccept: () => void;
  onDecline: (reason: DeclineReason) => void;
}

/** Accepts or declines an offer; a decline asks for a reason first. */
export function AnswerForm(props: AnswerFormProps) {
  const { offerId, heading, decline, setDecline, isAccepting, isDeclining, onAccept, onDecline } = props;
  const text = useText().words.inbox;
  const isBusy = isAccepting || isDeclining;
  const declineButton = `decline-button-${offerId}`;
  const hasGoneBack = useRef(false);
  // the button that closed the form is gone with it
  useEffect(() => {
    if (!decline && hasGoneBack.current) document.getElementById(declineButton)?.focus();
    hasGoneBack.current = false;
  }, [decline, declineButton]);
  if (decline)
    return (
      <DeclineForm
        offerId={offerId}
        reason={decline.reason}
        onChange={(reason) => setDecline({ reason })}
        isBusy={isBusy}
        onDecline={onDecline}
        onCancel={() => {
          hasGoneBack.current = true;
          setDecline(null);
        }}
      />
    );
  return (
    <div className="hod-buttons hod-answer">
      <Button variation="solid" isBusy={isBusy} onClick={onAccept} aria-describedby={heading}>
        {isAccepting ? text.accepting : text.accept}
      </Button>
      <Button id={declineButton} isBusy={isBusy} onClick={() => setDecline({})} aria-describedby={heading}>
        {text.decline}
      </Button>
    </div>
  );
}
