import type { ReactNode } from 'react';
import type { ReferralResponse } from '../../../../../api/schemas/referrals/referrals.ts';
import { useNow } from '../../../live/use-now.ts';
import { useText, whenHere } from '../../../portal-context.tsx';

/** The way of a request from the form to an agent who is in touch: what has happened and when, and what comes next. */
export function RequestSteps({ referral, isOver }: { referral: ReferralResponse; isOver: boolean }) {
  const { sentences, words } = useText();
  const { steps: text, closedAs } = words.status;
  const when = whenHere(useNow(30_000));
  const time = (instant: string) => sentences.at(new Date(instant), when);
  const { asked, agent, stage, since, outcome } = referral;
  const isAsking = stage === 'queued' || stage === 'offering';
  const steps: Step[] = [
    { name: text.received, at: time(referral.receivedAt), isDone: true },
    {
      name: text.asked,
      at: asked && time(asked.latestAt),
      isDone: agent !== undefined,
      detail: (
        <>
          {asked && <p>{text.askedCount(asked.count)}</p>}
          {isAsking && <HowLong referral={referral} />}
        </>
      ),
    },
    {
      name: text.found,
      at: agent && time(agent.acceptedAt),
      isDone: agent !== undefined,
      detail: agent && <p>{agent.name}</p>,
    },
    {
      name: text.inTouch,
      at: agent?.contactedAt && time(agent.contactedAt),
      isDone: Boolean(agent?.contactedAt),
      detail: agent && !isOver && <Tries agent={agent} />,
    },
    ...(stage === 'closed'
      ? [{ name: text.closed, at: time(since), isDone: true, detail: outcome && <p>{closedAs[outcome]}</p> }]
      : []),
  ];
  const reached = isOver ? steps.filter(({ isDone }) => isDone) : steps;
  const current = isOver ? -1 : reached.findIndex(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="steps">
      <h2 id="steps" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <ol className="hod-timeline">
        {reached.map(({ name, at, isDone, detail }, index) => (
          <li
            key={name}
            className={isDone ? 'hod-done' : undefined}
            aria-current={index === current ? 'step' : undefined}
          >
            <p>
              <strong>{name}</strong>
              {at && ` ${at}`}
              {isDone && <span className="ds-u-visibility--screen-reader"> {text.done}</span>}
            </p>
            {detail}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface Step {
  name: string;
  /** When it happened, or last happened. */
  at: string | null | undefined;
  isDone: boolean;
  detail?: ReactNode;
}

/** How long it usually takes there, by our own figures, and when the search ends at the latest. */
function HowLong({ referral: { usually, latestBy } }: { referral: ReferralResponse }) {
  const { sentences, words } = useText();
  const text = words.status.steps;
  const when = whenHere(useNow(30_000));
  const lasting = (minutes: number) => sentences.duration(minutes * 60_000);
  return (
    <>
      {usually && (
        <p>
          {text.usually[usually.period](lasting(usually.medianMinutes), lasting(usually.ninetiethMinutes))}
        </p>
      )}
      {latestBy && <p>{text.latestBy(sentences.at(new Date(latestBy), when))}</p>}
    </>
  );
}

/** That the agent tried in vain, how often, and when they try again. */
function Tries({
  agent: { name, tries, triedAt, triedHow, nextTryAt },
}: {
  agent: NonNullable<ReferralResponse['agent']>;
}) {
  const { sentences, words } = useText();
  const text = words.status;
  const when = whenHere(useNow(30_000));
  if (!triedAt || !nextTryAt) return null;
  const time = (instant: string) => sentences.at(new Date(instant), when);
  const tried = triedHow === 'voicemail' ? text.leftVoicemail : text.tried;
  return (
    <p>
      {tried(name, time(triedAt), time(nextTryAt))} {tries > 1 && text.steps.tries(tries)}
    </p>
  );
}
