import { useInfiniteQuery } from '@tanstack/react-query';
import { keys } from '../../../api/queries.ts';
import { Button } from '../../../form/button.tsx';
import { languageLabel } from '../../../form/language-options.ts';
import { DataTable } from '../../../layout/data-table.tsx';
import { Page } from '../../../layout/frame/page.tsx';
import { Loaded } from '../../../layout/loaded.tsx';
import { Status } from '../../../layout/status.tsx';
import { useNow } from '../../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../../portal-context.tsx';
import { HistoryFilterForm } from './history-filter-form.tsx';
import { PastOfferText } from './past-offer-text.tsx';
import { RecordLinks } from './record-links.tsx';
import { parametersOf, useHistoryFilter } from './use-history-filter.ts';

/** Page of everything that was offered to the agent, with its end, page by page. */
export function HistoryPage() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.record.history;
  const when = whenHere(useNow(60_000));
  const [filter, choose] = useHistoryFilter();
  const parameters = parametersOf(filter);
  const history = useInfiniteQuery({
    queryKey: keys.history(parameters),
    queryFn: ({ pageParam }) => calls.history({ ...parameters, ...(pageParam ? { page: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPage }) => nextPage,
  });
  const isFiltered = Object.keys(parameters).length > 0;
  return (
    <Page title={text.title} wide>
      <RecordLinks />
      <p>{text.lead}</p>
      <HistoryFilterForm filter={filter} onChange={choose} />
      <Loaded query={history}>
        {({ pages }) => {
          const offers = pages.flatMap((page) => page.offers);
          return (
            <>
              <Status hidden>{text.found(offers.length, history.hasNextPage)}</Status>
              {offers.length === 0 ? (
                <p>{isFiltered ? text.noneFound : text.none}</p>
              ) : (
                <DataTable
                  id="history-table"
                  caption={text.caption}
                  columns={[text.offeredAt, text.where, text.need, text.language, text.became]}
                  rows={offers.map((offer) => ({
                    key: offer.id,
                    cells: [
                      sentences.at(new Date(offer.offeredAt), when),
                      words.inbox.offerHeading(offer.city, offer.state, offer.zip),
                      sentences.need[offer.need],
                      languageLabel(offer.language, sentences),
                      <PastOfferText key="became" offer={offer} when={when} />,
                    ],
                  }))}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {history.hasNextPage && (
        <Button isBusy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </Page>
  );
}
