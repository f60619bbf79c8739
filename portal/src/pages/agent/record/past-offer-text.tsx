import { Link } from 'react-router';
import type { PastOfferView } from '../../../../../api/schemas/referrals/offer-history.ts';
import type { TimeContext } from '../../../../../domain/text/locale-format.ts';
import { useText } from '../../../portal-context.tsx';
import { isPhase, useStateWords } from './state-words.ts';

/** What became of an offer, with its reason and its outcome, and the way to one that is still the agent's. */
export function PastOfferText({ offer, when }: { offer: PastOfferView; when: TimeContext }) {
  const { sentences, words } = useText();
  const text = words.record.history;
  const stateWords = useStateWords();
  const { became, acceptedAt, contactedAt, endedAt, outcome, reason, attempts } = offer;
  const at = (instant: string) => sentences.at(new Date(instant), when);
  const sentencesOfIt = [
    outcome && `${sentences.outcome[outcome]}.`,
    reason && `${{ ...sentences.declineReason, ...sentences.outcomeReason }[reason]}.`,
    acceptedAt && text.accepted(at(acceptedAt)),
    attempts > 0 && text.tries(attempts),
    contactedAt && text.reached(at(contactedAt)),
    !isPhase(became) && endedAt && sentences.offerEnd[became].agent({ endedAt: new Date(endedAt), when }),
  ].filter(Boolean);
  return (
    <>
      <strong>{stateWords(became)}</strong>
      {sentencesOfIt.length > 0 && <span className="hod-because">{sentencesOfIt.join(' ')}</span>}
      {isPhase(became) && (
        <Link className="hod-because" to={became === 'offered' ? '/inbox' : `/inbox#referral-${offer.id}`}>
          {became === 'offered' ? text.answer : text.open}
        </Link>
      )}
    </>
  );
}
