import { type SubmitEvent, useEffect, useState } from 'react';
import { type DeclineReason, declineReasons } from '../../../../../domain/referrals/offer.ts';
import { Button } from '../../../form/button.tsx';
import { ReasonList } from '../../../form/reason-list.tsx';
import { useText } from '../../../portal-context.tsx';

export interface DeclineFormProps {
  offerId: string;
  reason: DeclineReason | undefined;
  onChange: (reason: DeclineReason) => void;
  isBusy: boolean;
  onDecline: (reason: DeclineReason) => void;
  onCancel: () => void;
}

/** Asks for a reason from the fixed list before an offer is declined. */
export function DeclineForm(props: DeclineFormProps) {
  const { offerId, reason, onChange, isBusy, onDecline, onCancel } = props;
  const { sentences, words } = useText();
  const text = words.inbox;
  const name = `decline-${offerId}`;
  const [missed, setMissed] = useState(false);
  const focusFirst = () => document.getElementById(`${name}-${declineReasons[0]}`)?.focus();
  // the button that opened this form is gone, so the focus moves here
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(focusFirst, []);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setMissed(reason === undefined);
    if (reason === undefined) focusFirst();
    else onDecline(reason);
  };
  return (
    <form noValidate onSubmit={send}>
      <ReasonList
        name={name}
        label={text.declineLegend}
        options={declineReasons}
        labelOf={(option) => sentences.declineReason[option]}
        value={reason}
        onChange={onChange}
        error={missed && reason === undefined ? text.declineMissing : undefined}
      />
      <div className="hod-buttons">
        <Button type="submit" variation="solid" isBusy={isBusy}>
          {isBusy ? text.declining : text.declineSend}
        </Button>
        <Button isBusy={isBusy} onClick={onCancel}>
          {text.cancel}
        </Button>
      </div>
    </form>
  );
}
