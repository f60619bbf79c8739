import { TextField } from '@cmsgov/design-system';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { v4 as newKey } from 'uuid';
import type { AgentReferral, OutcomeReport } from '../../../../../api/schemas/referrals/offers.ts';
import type { AttemptWay } from '../../../../../domain/referrals/referral.ts';
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

/** A try of an agent; `undefined`: they wrote, and there was no call to say how it went. */
type Tried = AttemptWay | undefined;

/** Reports that the agent tried to reach the consumer and how, with the time of the next try if they name one. */
export function AttemptForm({ referral }: { referral: AgentReferral }) {
  const { sentences, words } = useText();
  const text = words.inbox.tries;
  const when = whenHere(useNow(30_000));
  const [nextTry, setNextTry, draft] = useDraftState({ lost: `next try ${referral.offerId}` }, '');
  const field = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const report = useAttempt(referral.id, () => {
    setNextTry('');
    draft.clear();
  });
  const { attempts, nextTryAt, nextTry: allowed, contactBy } = referral;
  // the last try removes the buttons
  const isLast = !allowed && report.data !== undefined;
  useEffect(() => {
    if (isLast) heading.current?.focus();
  }, [isLast]);
  const time = (instant: string) => sentences.at(new Date(instant), when);
  const chosen = new Date(nextTry);
  const isNamed = !Number.isNaN(chosen.getTime());
  const send = (how: Tried) => {
    // the value of a half-typed time is empty, as if the agent had left the time to the service
    const isHalfTyped = field.current?.validity.badInput ?? false;
    setUnreadable(isHalfTyped);
    if (isHalfTyped) return field.current?.focus();
    report.mutate({
      outcome: 'attempted',
      ...(how ? { how } : {}),
      ...(isNamed ? { nextTryAt: chosen.toISOString() } : {}),
    });
  };
  const isFault = isUnreadable || (report.error && asProblem(report.error).errors.length > 0);
  const ways: readonly Tried[] =
    contactBy === 'text' || contactBy === 'email' ? [undefined] : ['voicemail', 'no-answer'];
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <DraftNotice draft={draft} />
      <h4 ref={heading} tabIndex={-1} className="ds-text-heading--md hod-quiet-focus">
        {text.heading}
      </h4>
      <Status>{attempts > 0 && nextTryAt ? text.soFar(attempts, time(nextTryAt)) : ''}</Status>
      {report.error && !isFault && <ProblemAlert error={report.error} />}
      {allowed ? (
        <>
          <div className="hod-buttons">
            {ways.map((how) => {
              const by = isNamed ? sentences.at(chosen, when) : time(allowed.byDefault);
              return (
                <Button key={how ?? 'wrote'} isBusy={report.isPending} onClick={() => send(how)}>
                  {report.isPending && report.variables.how === how
                    ? text.reporting
                    : text.report[how ?? 'wrote'](by)}
                </Button>
              );
            })}
          </div>
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
        </>
      ) : (
        <p>{text.noneLeft}</p>
      )}
    </form>
  );
}

/** Sends one try; the next one gets a new key, even if it says the same. */
function useAttempt(referralId: string, onReported: () => void) {
  const { calls } = usePortal();
  const queries = useQueryClient();
  const [keyFor, setKeyFor] = useState(() => createIdempotencyKeys(newKey));
  return useMutation({
    mutationFn: (body: OutcomeReport) => calls.reportOutcome(referralId, body, keyFor(body)),
    onSuccess: () => {
      setKeyFor(() => createIdempotencyKeys(newKey));
      onReported();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referrals }),
  });
}
