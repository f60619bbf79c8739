import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReferralKey } from '../../../api/calls.ts';
import { keys } from '../../../api/queries.ts';

/** One thing that a consumer does about a request; afterwards, also after a refusal, the page looks again. */
export function useConsumerAction<Answer, Given = void>(
  referralKey: ReferralKey,
  act: (given: Given) => Promise<Answer>,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referral(referralKey.id) }),
  });
}
