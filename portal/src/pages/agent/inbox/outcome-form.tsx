import { TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { v4 as newKey } from 'uuid';
import type { OutcomeReport } from '../../../../../api/schemas/referrals/offers.ts';
import type { OfferPhase } from '../../../../../domain/referrals/offer.ts';
import {
  type Outcome,
  type OutcomeReason,
  outcomeRules,
  outcomes,
  reasonWithAttempts,
} from '../../../../../domain/referrals/referral.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { createIdempotencyKeys } from '../../../form/idempotency-key.ts';
import { ReasonList } from '../../../form/reason-list.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

interface Typed {
  outcome?: Outcome;
  reason?: OutcomeReason;
  until: string;
  attempts: string;
}

const nothing: Typed = { until: '', attempts: '' };

/** Form to report an outcome of a referral: the outcomes of its phase, with a reason if one is needed. */
export function OutcomeForm({
  offerId,
  referralId,
  phase,
  onReported,
}: {
  offerId: string;
  referralId: string;
  phase: OfferPhase;
  onReported: () => void;
}) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.inbox;
  const queries = useQueryClient();
  // this is about a consumer, so it is not stored in the browser
  const [typed, setTyped, draft] = useDraftState<Typed>({ lost: `outcome ${offerId}` }, nothing);
  const { outcome, reason, until, attempts } = typed;
  const set = (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change }));
  const [missed, setMissed] = useState(false);
  const [keyFor, setKeyFor] = useState(() => createIdempotencyKeys(newKey));
  const report = useMutation({
    mutationFn: (body: OutcomeReport) => calls.reportOutcome(referralId, body, keyFor(body)),
    onSuccess: () => {
      // the next report gets a new key, even if its content is the same
      setKeyFor(() => createIdempotencyKeys(newKey));
      setTyped(nothing);
      draft.clear();
      onReported();
    },
    // after a refusal too, so that the list shows the reason
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referrals }),
  });

  // a try has a form of its own
  const allowed = outcomes.filter(
    (one) => outcomeRules[one].in.includes(phase) && !outcomeRules[one].takesNextTry,
  );
  const { reasons, needsUntil } = outcome === undefined ? {} : outcomeRules[outcome];
  const needsAttempts = reason === reasonWithAttempts && reasons?.includes(reason);
  const name = `outcome-${referralId}`;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const isComplete =
      outcome !== undefined && (!reasons || reason !== undefined) && (!needsUntil || until !== '');
    setMissed(!isComplete);
    // the API checks the rest: with its schema the inbox would load much more than it does
    if (isComplete)
      report.mutate({
        outcome,
        ...(reasons ? { reason } : {}),
        ...(needsUntil ? { until } : {}),
        ...(needsAttempts && attempts !== '' ? { attempts: Number(attempts) } : {}),
      });
    else
      document
        .getElementById(
          needsUntil ? `${name}-until` : reasons ? `${name}-why-${reasons[0]}` : `${name}-${allowed[0]}`,
        )
        ?.focus();
  };

  return (
    <form noValidate onSubmit={send}>
      <DraftNotice draft={draft} />
      <ReasonList
        name={name}
        label={text.outcome}
        options={allowed}
        labelOf={(option) => sentences.outcome[option]}
        value={outcome}
        onChange={(chosen) => set({ outcome: chosen })}
        error={missed && outcome === undefined ? text.outcomeMissing : undefined}
      />
      {reasons && (
        <ReasonList
          name={`${name}-why`}
          label={text.outcomeReason}
          options={reasons}
          labelOf={(option) => sentences.outcomeReason[option]}
          value={reason}
          onChange={(chosen) => set({ reason: chosen })}
          error={missed && reason === undefined ? text.reasonMissing : undefined}
        />
      )}
      {needsUntil && (
        <TextField
          id={`${name}-until`}
          name={`${name}-until`}
          type="date"
          label={text.until}
          hint={text.untilHint}
          value={until}
          onChange={({ target }) => set({ until: target.value })}
          errorMessage={missed ? text.untilMissing : undefined}
        />
      )}
      {needsAttempts && (
        <TextField
          name={`${name}-attempts`}
          label={text.attempts}
          size="small"
          numeric
          value={attempts}
          onChange={({ target }) => set({ attempts: target.value })}
        />
      )}
      {report.error && <ProblemAlert error={report.error} />}
      <Status>
        {report.data && report.variables ? text.reported(sentences.outcome[report.variables.outcome]) : ''}
      </Status>
      <div className="hod-buttons">
        <Button type="submit" isBusy={report.isPending}>
          {report.isPending ? text.reporting : text.report}
        </Button>
      </div>
    </form>
  );
}
