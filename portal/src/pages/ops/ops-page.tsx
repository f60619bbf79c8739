import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { keys } from '../../api/queries.ts';
import { Page } from '../../layout/frame/page.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { usePolling } from '../../live/live-changes.ts';
import { usePortal, useText } from '../../portal-context.tsx';
import { Board } from './board.tsx';
import { BoardFilterForm } from './board-filter-form.tsx';
import { FindAgent } from './find-agent.tsx';
import { Summary } from './summary.tsx';
import { useBoardFilter } from './use-board-filter.ts';
import { Waiting } from './waiting.tsx';

/** Page of the operations team: decisions that wait, the number of stuck onboardings by cause, and the board. */
export function OpsPage() {
  const { calls } = usePortal();
  const text = useText().words.ops;
  const [filter, setFilter] = useBoardFilter();
  const summary = useQuery({
    queryKey: keys.opsSummary,
    queryFn: calls.opsSummary,
    refetchInterval: usePolling(),
  });
  return (
    <Page title={text.title} wide>
      <p>{text.lead}</p>
      <FindAgent />
      <p>
        <Link to="/ops/contact">{text.contact.link}</Link>
      </p>
      <Waiting />
      <Loaded query={summary}>{(counts) => <Summary counts={counts} />}</Loaded>
      <section aria-labelledby="board">
        <h2 id="board" className="ds-text-heading--lg">
          {text.board}
        </h2>
        <BoardFilterForm filter={filter} onChange={setFilter} />
        <Board filter={filter} />
      </section>
    </Page>
  );
}
