import { useQuery } from '@tanstack/react-query';
import type { UnofferedReferralsView } from '../../../../../api/schemas/referrals/unoffered-referrals.ts';
import { keys } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useNow } from '../../../live/use-now.ts';
import { useLanguage, usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { stateName } from '../profile/state-names.ts';
import { RecordLinks } from './record-links.tsx';
import { LatestUnoffered, UnofferedByDay, UnofferedByReason } from './unoffered-tables.tsx';

/** Page that says why requests in the agent's states were not offered to them. */
export function WhyNotMePage() {
  const { calls } = usePortal();
  const text = useText().words.record.unoffered;
  const query = useQuery({
    queryKey: keys.unoffered,
    queryFn: () => calls.unofferedReferrals(),
    staleTime: 60_000,
  });
  return (
    <Page title={text.title} wide>
      <RecordLinks />
      <Loaded query={query}>{(found) => <Unoffered found={found} />}</Loaded>
    </Page>
  );
}

function Unoffered({ found }: { found: UnofferedReferralsView }) {
  const { sentences, words } = useText();
  const { language } = useLanguage();
  const text = words.record.unoffered;
  const when = whenHere(useNow(60_000));
  const { states, since, days, latest } = found;
  if (states.length === 0) return <p>{text.noStates}</p>;
  const list = new Intl.ListFormat(language).format(states.map((state) => stateName(state, language)));
  return (
    <>
      <p>{text.lead(list, sentences.at(new Date(since), when))}</p>
      {days.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <>
          <UnofferedByReason days={days} />
          <LatestUnoffered latest={latest} when={when} />
          <UnofferedByDay days={days} />
          <p>
            {text.privacy} {text.asNow}
          </p>
        </>
      )}
    </>
  );
}
