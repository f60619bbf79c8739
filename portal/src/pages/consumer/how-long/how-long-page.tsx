import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { WaitingTimes } from '../../../../../api/schemas/referrals/waiting-times.ts';
import { helpContacts } from '../../../../../domain/text/help-contacts.ts';
import { keys } from '../../../api/queries.ts';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { Status } from '../../../layout/status.tsx';
import { usePortal, useText } from '../../../portal-context.tsx';
import { useGroupWords } from './group-words.ts';
import { PlaceAndLanguage, usePlaceAndLanguage } from './place-and-language.tsx';

/** Page for everybody: how long it takes to find an agent, and what to expect. */
export function HowLongPage() {
  const text = useText().words.howLong;
  const { calls } = usePortal();
  const [asked, choose] = usePlaceAndLanguage();
  const query = useQuery({
    queryKey: keys.waitingTimes(asked),
    queryFn: () => calls.waitingTimes(asked),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={text.title}>
      <p className="ds-text-body--lg">{text.lead}</p>
      <PlaceAndLanguage chosen={asked} onChange={choose} />
      <Loaded query={query}>{(times) => <Times times={times} />}</Loaded>
      <section aria-labelledby="have-ready">
        <h2 id="have-ready" className="ds-text-heading--lg">
          {text.ready.heading}
        </h2>
        <p>{text.ready.lead}</p>
        <ul>
          {text.ready.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
        <p>{text.ready.numbers}</p>
      </section>
      <p className="hod-buttons">
        <Link to="/help" className="ds-c-button ds-c-button--solid">
          {text.ask}
        </Link>
      </p>
    </Page>
  );
}

/** What the figures say, in sentences. */
function Times({ times }: { times: WaitingTimes }) {
  const { sentences, words } = useText();
  const text = words.howLong;
  const groupWords = useGroupWords();
  const { found, unmatched, agentsAtOnce, contactWithinSeconds } = times;
  const lasting = (minutes: number) => sentences.duration(minutes * 60_000);
  return (
    <>
      <section aria-labelledby="how-long">
        <h2 id="how-long" className="ds-text-heading--lg">
          {text.wait.heading}
        </h2>
        <Status>
          {found ? (
            <>
              <span className="hod-line ds-text-body--lg">
                {text.wait.found(lasting(found.medianMinutes), lasting(found.ninetiethMinutes))}
              </span>
              <span className="hod-line">{groupWords(found)}</span>
            </>
          ) : (
            <span className="hod-line">{text.tooFew}</span>
          )}
        </Status>
        <p>{text.wait.then(sentences.duration(contactWithinSeconds * 1_000))}</p>
      </section>
      <section aria-labelledby="how-often-not">
        <h2 id="how-often-not" className="ds-text-heading--lg">
          {text.unmatched.heading}
        </h2>
        <p>
          {unmatched
            ? `${text.unmatched.share(unmatched.share * 100)} ${groupWords(unmatched)}`
            : text.tooFew}
        </p>
        <p>{text.unmatched.then(helpContacts.callCenter)}</p>
      </section>
      <section aria-labelledby="who-gets-your-number">
        <h2 id="who-gets-your-number" className="ds-text-heading--lg">
          {text.number.heading}
        </h2>
        <p>{text.number.asked(agentsAtOnce)}</p>
        <p>{text.number.check}</p>
      </section>
    </>
  );
}
