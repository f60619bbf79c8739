import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { AgentFiguresView } from '../../../../../api/schemas/referrals/agent-figures.ts';
import { keys } from '../../../api/queries.ts';
import { DataTable } from '../../../layout/data-table.tsx';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { FiguresOfState } from './figures-of-state.tsx';
import { RecordLinks } from './record-links.tsx';
import { useStateWords } from './state-words.ts';
import { parametersOf } from './use-history-filter.ts';

/** Page of the agent's figures beside the medians of their states. */
export function FiguresPage() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.record.figures;
  const when = whenHere(useNow(60_000));
  const query = useQuery({ queryKey: keys.figures, queryFn: () => calls.figures() });
  return (
    <Page title={text.title} wide>
      <RecordLinks />
      <Loaded query={query}>
        {(figures) => (
          <>
            <p>{text.lead(sentences.at(new Date(figures.since), when))}</p>
            {figures.states.length === 0 ? <p>{text.none}</p> : <ChosenState figures={figures} />}
            <Ends became={figures.became} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The figures of one state, which the address names; without one that with the most offers. */
function ChosenState({ figures }: { figures: AgentFiguresView }) {
  const [params, setParams] = useSearchParams();
  const { states, contactWithinSeconds } = figures;
  const chosen = states.find(({ state }) => state === params.get('state')) ?? states[0];
  if (!chosen) return null;
  return (
    <FiguresOfState
      chosen={chosen}
      states={states.map(({ state }) => state)}
      contactWithinSeconds={contactWithinSeconds}
      onChoose={(state) => setParams({ state }, { preventScrollReset: true })}
    />
  );
}

/** How many offers became what, each with the way to them. */
function Ends({ became: ends }: Pick<AgentFiguresView, 'became'>) {
  const text = useText().words.record.figures.ends;
  const stateWords = useStateWords();
  if (ends.length === 0) return null;
  return (
    <section aria-labelledby="ends">
      <h2 id="ends" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <DataTable
        id="ends-table"
        caption={text.caption}
        columns={[text.became, text.offers]}
        rows={ends.map(({ became, offers }) => ({
          key: became,
          cells: [
            <Link key="link" to={`/history?${new URLSearchParams(parametersOf({ became }))}`}>
              {stateWords(became)}
            </Link>,
            offers,
          ],
        }))}
      />
    </section>
  );
}
