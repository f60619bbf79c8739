import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { LinkedOffer } from '../../../../../api/schemas/referrals/offers.ts';
import type { DeclineReason } from '../../../../../domain/referrals/offer.ts';
import type { LinkKey } from '../../../api/calls.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { Button } from '../../../form/button.tsx';
import { useDraftState } from '../../../form/use-draft.ts';
import { Loaded } from '../../../layout/loaded.tsx';
import { Page } from '../../../layout/page.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { AboutReferral } from '../inbox/about-referral.tsx';
import { DeclineForm } from '../inbox/decline-form.tsx';
import { endText } from '../inbox/late-answer.ts';
import { TimeLeft } from '../inbox/time-left.tsx';
import { UnknownOffer } from './unknown-offer.tsx';

/** Page behind the link in an offer's message: shows the offer and takes the answer, without log-in or contact data. */
export function OfferPage() {
  const { id } = useParams();
  const token = useLinkToken();
  return id === undefined || token === undefined ? (
    <UnknownOffer />
  ) : (
    <OfferByLink offerKey={{ id, token }} />
  );
}

function OfferByLink({ offerKey }: { offerKey: LinkKey }) {
  const { calls } = usePortal();
  const text = useText().words.inbox;
  const query = useQuery({
    queryKey: ['offer', offerKey.id],
    queryFn: () => calls.linkedOffer(offerKey),
  });
  if (query.error instanceof ApiProblem && [401, 404].includes(query.error.status)) return <UnknownOffer />;
  return (
    <Page title={text.oneOffer}>
      <Loaded query={query}>
        {(offer) => (
          <LinkedOfferCard offer={offer} offerKey={offerKey} onAnswered={() => void query.refetch()} />
        )}
      </Loaded>
    </Page>
  );
}

function LinkedOfferCard({
  offer,
  offerKey,
  onAnswered,
}: {
  offer: LinkedOffer;
  offerKey: LinkKey;
  onAnswered: () => void;
}) {
  const text = useText().words.inbox;
  const [decline, setDecline] = useDraftState<{ reason?: DeclineReason } | null>('logged-out', null);
  const isOpen = !offer.acceptedAt && !offer.end;
  return (
    <section aria-labelledby="offer" className="hod-card">
      <h2 id="offer" className="ds-text-heading--md">
        {text.offerHeading(offer.city, offer.state, offer.zip)}
      </h2>
      <AboutReferral about={offer} />
      {isOpen ? (
        <AnswerButtons
          offer={offer}
          offerKey={offerKey}
          onAnswered={onAnswered}
          decline={decline}
          setDecline={setDecline}
        />
      ) : (
        <OfferResult offer={offer} />
      )}
    </section>
  );
}

/** State of an offer that can no longer be answered: accepted by this agent, or how and when it ended. */
function OfferResult({ offer }: { offer: LinkedOffer }) {
  const { sentences, words } = useText();
  const when = whenHere(useNow(30_000));
  const { end, endedAt } = offer;
  return (
    <>
      <Status>
        {end && endedAt
          ? (endText(end, new Date(endedAt), sentences, when) ?? words.inbox.gone)
          : words.inbox.acceptedByLink}
      </Status>
      <Link to="/inbox" className="ds-c-button">
        {words.inbox.toInbox}
      </Link>
    </>
  );
}

function AnswerButtons({
  offer,
  offerKey,
  onAnswered,
  decline,
  setDecline,
}: {
  offer: LinkedOffer;
  offerKey: LinkKey;
  onAnswered: () => void;
  /** Reason chosen so far in the decline form, while it is open. */
  decline: { reason?: DeclineReason } | null;
  setDecline: (decline: { reason?: DeclineReason } | null) => void;
}) {
  const { calls } = usePortal();
  const text = useText().words.inbox;
  // after a refusal too, so that the page shows the offer's state
  const accept = useMutation({ mutationFn: () => calls.acceptByLink(offerKey), onSettled: onAnswered });
  const refuse = useMutation({
    mutationFn: (reason: DeclineReason) => calls.declineByLink(offerKey, reason),
    onSettled: onAnswered,
  });
  const isBusy = accept.isPending || refuse.isPending;
  const error = accept.error ?? refuse.error;
  return (
    <>
      <TimeLeft expiresAt={new Date(offer.expiresAt)} />
      {error && <ProblemAlert error={error} />}
      {decline ? (
        <DeclineForm
          offerId={offer.id}
          reason={decline.reason}
          onChange={(reason) => setDecline({ reason })}
          isBusy={isBusy}
          onDecline={(reason) => refuse.mutate(reason)}
          onCancel={() => setDecline(null)}
        />
      ) : (
        <div className="hod-buttons">
          <Button variation="solid" isBusy={isBusy} onClick={() => accept.mutate()} aria-describedby="offer">
            {accept.isPending ? text.accepting : text.accept}
          </Button>
          <Button isBusy={isBusy} onClick={() => setDecline({})} aria-describedby="offer">
            {text.decline}
          </Button>
        </div>
      )}
    </>
  );
}
