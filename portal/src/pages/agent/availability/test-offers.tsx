import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TestOffersView } from '../../../../../api/schemas/agents/test-offers.ts';
import { capitalized } from '../../../../../domain/text/locale-format.ts';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { Facts } from '../../../layout/facts.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';

/** Sends a test offer, and shows what came of the latest one over each channel. */
export function TestOffers() {
  const { calls, now } = usePortal();
  const { sentences } = useText();
  const text = sentences.availability.testOffer;
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: keys.testOffers,
    queryFn: calls.testOffers,
    // a test is over after a quarter of an hour
    refetchInterval: ({ state }) => (isRunning(state.data, now()) ? 3_000 : false),
  });
  const send = useMutation({
    mutationFn: calls.sendTestOffer,
    onSuccess: (view) => queries.setQueryData(keys.testOffers, view),
  });
  const [latest] = query.data?.items ?? [];
  return (
    <section aria-labelledby="test-offers">
      <h2 id="test-offers" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <p>{text.lead}</p>
      {send.error && <ProblemAlert error={send.error} />}
      <Button isBusy={send.isPending} onClick={() => send.mutate()}>
        {text.send}
      </Button>
      {latest && (
        <Facts
          of={latest.channels.map(({ channel, status, answeredAt }) => [
            capitalized(sentences.channel[channel]),
            answeredAt
              ? text.answered({ at: new Date(answeredAt), when: whenHere(now()) })
              : text.status[status],
          ])}
        />
      )}
    </section>
  );
}

function isRunning(view: TestOffersView | undefined, now: Date): boolean {
  const [latest] = view?.items ?? [];
  return latest !== undefined && new Date(latest.expiresAt) > now;
}
