import { TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useRef, useState } from 'react';
import { v4 as newKey } from 'uuid';
import type { AgentReferral, OutcomeReport } from '../../../../../api/schemas/referrals/offers.ts';
import { asProblem } from '../../../api/problem.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { DraftNotice } from '../../../form/draft-notice.tsx';
import { createIdempotencyKeys } from '../../../form/idempotency-key.ts';
import { useDraftState } from '../../../form/use-draft.ts';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

/** Reports that the agent tried to reach the consumer, with the time of the next try if they name one. */
export function AttemptForm({ referral }: { referral: AgentReferral }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.inbox.tries;
  const when = whenHere(useNow(30_000));
  const queries = useQueryClient();
  const [nextTry, setNextTry, draft] = useDraftState({ lost: `next try ${referral.offerId}` }, '');
  const field = useRef<HTMLInputElement>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const [keyFor, setKeyFor] = useState(() => createIdempotencyKeys(newKey));
  const report = useMutation({
    mutationFn: (body: OutcomeReport) => calls.reportOutcome(referral.id, body, keyFor(body)),
    onSuccess: () => {
      setKeyFor(() => createIdempotencyKeys(newKey));
      setNextTry('');
      draft.clear();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referrals }),
  });
  const { attempts, nextTryAt, nextTry: allowed } = referral;
  const time = (instant: string) => sentences.at(new Date(instant), when);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    // the value of a half-typed time is empty, as if the agent had left the time to the service
    const isHalfTyped = field.current?.validity.badInput ?? false;
    setUnreadable(isHalfTyped);
    if (isHalfTyped) return;
    const at = new Date(nextTry);
    report.mutate({
      outcome: 'attempted',
      ...(Number.isNaN(at.getTime()) ? {} : { nextTryAt: at.toISOString() }),
    });
  };
  const isFault = isUnreadable || (report.error && asProblem(report.error).errors.length > 0);
  return (
    <form noValidate onSubmit={send}>
      <DraftNotice draft={draft} />
      <h4 className="ds-text-heading--sm">{text.heading}</h4>
      <Status>{attempts > 0 && nextTryAt ? text.soFar(attempts, time(nextTryAt)) : ''}</Status>
      {allowed ? (
        <>
          <TextField
            type="datetime-local"
            name={`next-try-${referral.id}`}
            label={text.nextTry}
            hint={text.nextTryHint(time(allowed.byDefault), time(allowed.latest))}
            inputRef={field}
            value={nextTry}
            onChange={({ target }) => setNextTry(target.value)}
            errorMessage={isFault && text.nextTryFault(time(allowed.latest))}
          />
          {report.error && !isFault && <ProblemAlert error={report.error} />}
          <div className="hod-buttons">
            <Button type="submit" isBusy={report.isPending}>
              {report.isPending ? text.reporting : text.report}
            </Button>
          </div>
        </>
      ) : (
        <p>{text.noneLeft}</p>
      )}
    </form>
  );
}
