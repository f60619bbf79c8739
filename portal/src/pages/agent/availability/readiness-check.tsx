import { useQuery } from '@tanstack/react-query';
import type { ReadinessView } from '../../../../../api/schemas/agents/readiness.ts';
import { capitalized } from '../../../../../domain/text/locale-format.ts';
import { keys } from '../../../api/queries.ts';
import { Facts } from '../../../layout/facts.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';

/** The check before a shift: whether offers will reach the agent, by channel, with the reasons. */
export function ReadinessCheck() {
  const { calls } = usePortal();
  const text = useText().sentences.availability.readiness;
  const query = useQuery({ queryKey: keys.readiness, queryFn: calls.readiness });
  return (
    <section aria-labelledby="readiness">
      <h2 id="readiness" className="ds-text-heading--md">
        {text.heading}
      </h2>
      <Loaded query={query}>
        {(view) => (
          <>
            <p>{view.isReady ? text.ready : text.notReady}</p>
            <ReadinessFacts readiness={view} />
          </>
        )}
      </Loaded>
    </section>
  );
}

/** Each channel with its state, and what else stands in the way. */
export function ReadinessFacts({ readiness: { channels, obstacles } }: { readiness: ReadinessView }) {
  const { sentences } = useText();
  const text = sentences.availability.readiness;
  return (
    <>
      <Facts
        of={channels.map(({ channel, isChosen, because }) => [
          capitalized(sentences.channel[channel]),
          [because ? text.channel[because] : text.works, ...(isChosen ? [] : [text.notChosen])].join('; '),
        ])}
      />
      {obstacles.map((obstacle) => (
        <p key={obstacle}>{text.time[obstacle]}</p>
      ))}
    </>
  );
}
