import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReferralKey } from '../../../api/calls.ts';
import { keys } from '../../../api/queries.ts';

/** Runs a consumer's action on a request. Reads the request again afterwards, even after a refusal. */
export function useConsumerAction<Answer, Input = void>(
  referralKey: ReferralKey,
  action: (input: Input) => Promise<Answer>,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: action,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.referral(referralKey.id) }),
  });
}
