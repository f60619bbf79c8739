import { useState } from 'react';
import { v4 as newKey } from 'uuid';
import type { HelpRequest, ReferralCreated } from '../../../../../api/schemas/referrals/referrals.ts';
import { type ApiProblem, asProblem } from '../../../api/problem.ts';
import { withRetries } from '../../../api/retries.ts';
import { createIdempotencyKeys } from '../../../form/idempotency-key.ts';
import { usePortal } from '../../../portal-context.tsx';

/**
 * Sends a request for help. The same form sent again is one request: both have one key.
 * @param on what becomes of it; the page is busy from the start until `refused`
 */
export function useRequest(on: {
  created: (referral: ReferralCreated) => void;
  refused: (problem: ApiProblem) => void;
}): { isBusy: boolean; send: (body: HelpRequest) => void } {
  const { calls } = usePortal();
  const [keyFor] = useState(() => createIdempotencyKeys(newKey));
  const [isBusy, setBusy] = useState(false);
  const send = (body: HelpRequest) => {
    setBusy(true);
    withRetries(() => calls.askForHelp(body, keyFor(body))).then(on.created, (error: unknown) => {
      setBusy(false);
      on.refused(asProblem(error));
    });
  };
  return { isBusy, send };
}
