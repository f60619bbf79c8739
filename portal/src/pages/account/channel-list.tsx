import { Badge } from '@cmsgov/design-system';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ReadinessView } from '../../../../api/schemas/agents/readiness.ts';
import { keys } from '../../api/queries.ts';
import { Loaded } from '../../layout/loaded.tsx';
import { useNow } from '../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';

type Channel = ReadinessView['channels'][number];

/** Section with the agent's channels: whether each works, what came of its latest messages, and what to do. */
export function ChannelList() {
  const { calls } = usePortal();
  const text = useText().words.account.channels;
  const query = useQuery({ queryKey: keys.readiness, queryFn: calls.readiness });
  return (
    <section aria-labelledby="channels">
      <h2 id="channels" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <p>{text.lead}</p>
      <Loaded query={query}>
        {({ channels }) => (
          <ul className="hod-checklist">
            {channels.map((channel) => (
              <li key={channel.channel}>
                <ChannelState of={channel} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <p>
        <Link to="/profile">{text.profile}</Link>
      </p>
    </section>
  );
}

const looks = { works: 'success', fails: 'warn', broken: 'warn', unused: undefined } as const;

function ChannelState({ of }: { of: Channel }) {
  const { sentences, words } = useText();
  const text = words.account.channels;
  const now = useNow(60_000);
  const at = (instant: string) => sentences.at(new Date(instant), whenHere(now));
  const { channel, because } = of;
  const { arrivedAt, failures, failedAt } = of.lately;
  const state = stateOf(of);
  return (
    <>
      <div className="hod-condition-name">
        <h3 className="ds-text-heading--md ds-u-margin--0">{text.name[channel]}</h3>
        <Badge variation={looks[state]}>{text.state[state]}</Badge>
      </div>
      <p>{arrivedAt ? text.arrived(at(arrivedAt)) : text.noneArrived}</p>
      {failedAt && <p>{text.failed[channel](failures, at(failedAt))}</p>}
      {state === 'broken' && because && <p>{text.mend[because]}</p>}
      {state === 'fails' && <p>{text.check[channel]}</p>}
      {state === 'unused' && <p>{text.unused}</p>}
    </>
  );
}

/** A channel fails while nothing has arrived over it after its last failure. */
function stateOf({ isChosen, works, lately: { arrivedAt, failedAt } }: Channel): keyof typeof looks {
  if (!isChosen) return 'unused';
  if (!works) return 'broken';
  const hasFailed = failedAt !== null && (arrivedAt === null || failedAt > arrivedAt);
  return hasFailed ? 'fails' : 'works';
}
