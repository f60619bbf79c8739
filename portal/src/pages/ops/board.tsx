import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { OnboardingBoard } from '../../../../api/schemas/ops/ops.ts';
import { keys } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { DataTable } from '../../layout/data-table.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { Status } from '../../layout/status.tsx';
import { usePolling } from '../../live/live-changes.ts';
import { useNow } from '../../live/use-now.ts';
import { usePortal, useText } from '../../portal-context.tsx';
import { Causes } from './causes.tsx';
import { NextActionText } from './next-action.tsx';
import { useAge } from './use-age.ts';
import { type BoardFilter, filterParameters } from './use-board-filter.ts';

/** Onboardings that match the filter, the longest in their stage first, page by page. */
export function Board({ filter }: { filter: BoardFilter }) {
  const { calls } = usePortal();
  const text = useText().words.ops;
  const parameters = filterParameters({ ...filter });
  const board = useInfiniteQuery({
    queryKey: keys.opsBoard(parameters),
    queryFn: ({ pageParam }) =>
      calls.opsOnboardings({ ...parameters, ...filterParameters({ page: pageParam ?? undefined }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPage }) => nextPage,
    refetchInterval: usePolling(),
  });
  return (
    <>
      <Loaded query={board}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <>
              <Status hidden>{text.found(items.length, board.hasNextPage)}</Status>
              {items.length === 0 ? <p>{text.nobody}</p> : <BoardTable items={items} />}
            </>
          );
        }}
      </Loaded>
      {board.hasNextPage && (
        <Button isBusy={board.isFetchingNextPage} onClick={() => void board.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </>
  );
}

function BoardTable({ items }: { items: OnboardingBoard['items'] }) {
  const { sentences, words } = useText();
  const text = words.ops;
  const now = useNow(60_000);
  const ageOf = useAge();
  return (
    <DataTable
      id="board-table"
      caption={text.boardCaption}
      columns={[text.agent, text.planYear, text.stage, text.cause, text.age, text.next]}
      rows={items.map((item) => ({
        key: `${item.npn} ${item.planYear}`,
        cells: [
          <Link key="agent" to={`/ops/agents/${item.npn}`}>
            {item.npn}
          </Link>,
          item.planYear,
          sentences.onboardingStage[item.stage].name,
          <Causes key="causes" of={item.causes} />,
          ageOf(item.since),
          <NextActionText key="next" of={item} now={now} />,
        ],
      }))}
    />
  );
}
