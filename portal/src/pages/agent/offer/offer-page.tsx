import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { LinkedOffer } from '../../../../../api/schemas/referrals/offers.ts';
import type { DeclineReason } from '../../../../../domain/referrals/offer.ts';
import type { LinkKey } from '../../../api/calls.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { useDraftState } from '../../../form/use-draft.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { ProblemAlert } from '../../../layout/problem-alert.tsx';
import { Status } from '../../../layout/status.tsx';
import { useLinkToken } from '../../../link/use-link-token.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { useInstallWay } from '../app/use-install-way.ts';
import { AboutReferral, Need } from '../inbox/about-referral.tsx';
import { AnswerForm, type OpenDecline } from '../inbox/answer-form.tsx';
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
        {(offer) => <LinkedOfferCard offer={offer} offerKey={offerKey} onAnswered={() => query.refetch()} />}
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
  onAnswered: () => Promise<unknown>;
}) {
  const text = useText().words.inbox;
  const [wasAnswered, setWasAnswered] = useState(false);
  const isOpen = !offer.acceptedAt && !offer.end;
  return (
    <section aria-labelledby="offer" className="hod-card">
      <h2 id="offer" className="ds-text-heading--md">
        {text.offerHeading(offer.city, offer.state, offer.zip)}
      </h2>
      {isOpen && <TimeLeft phase="offered" until={new Date(offer.expiresAt)} />}
      <Need about={offer} />
      {isOpen ? (
        <AnswerByLink
          offer={offer}
          offerKey={offerKey}
          onAnswered={() => {
            setWasAnswered(true);
            return onAnswered();
          }}
        />
      ) : (
        <OfferResult offer={offer} takesFocus={wasAnswered} />
      )}
      <AboutReferral about={offer} />
    </section>
  );
}

/** State of an offer that can no longer be answered: when this agent accepted it, or how and when it ended. */
function OfferResult({ offer, takesFocus }: { offer: LinkedOffer; takesFocus: boolean }) {
  const { sentences, words } = useText();
  const when = whenHere(useNow(30_000));
  const box = useRef<HTMLDivElement>(null);
  // the pressed button is gone
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  const { acceptedAt, end, endedAt } = offer;
  return (
    <div ref={box} tabIndex={-1} className="hod-quiet-focus">
      <Status>
        {end && endedAt && (endText(end, new Date(endedAt), sentences, when) ?? words.inbox.gone)}
        {!end &&
          acceptedAt &&
          `${sentences.offerAccepted({ acceptedAt: new Date(acceptedAt), when })} ${words.inbox.acceptedByLink}`}
      </Status>
      <Link to="/inbox" className="ds-c-button">
        {words.inbox.toInbox}
      </Link>
    </div>
  );
}

function AnswerByLink({
  offer,
  offerKey,
  onAnswered,
}: {
  offer: LinkedOffer;
  offerKey: LinkKey;
  onAnswered: () => Promise<unknown>;
}) {
  const { calls, device } = usePortal();
  const isApp = useInstallWay() === 'installed';
  const navigate = useNavigate();
  const [decline, setDecline] = useDraftState<OpenDecline>('logged-out', null);
  // after a refusal too, so that the page shows the offer's state
  const onSettled = () => {
    device.closeNotification(offer.id).catch(() => undefined);
    return onAnswered();
  };
  const accept = useMutation({
    mutationFn: () => calls.acceptByLink(offerKey),
    // in the app the next tap would only be on the way to the contact
    onSuccess: () => isApp && navigate('/inbox'),
    onSettled,
  });
  const refuse = useMutation({
    mutationFn: (reason: DeclineReason) => calls.declineByLink(offerKey, reason),
    onSettled,
  });
  const error = accept.error ?? refuse.error;
  return (
    <>
      {error && <ProblemAlert error={error} />}
      <AnswerForm
        offerId={offer.id}
        heading="offer"
        decline={decline}
        setDecline={setDecline}
        isAccepting={accept.isPending}
        isDeclining={refuse.isPending}
        onAccept={() => accept.mutate()}
        onDecline={(reason) => refuse.mutate(reason)}
      />
    </>
  );
}
