import { useInfiniteQuery } from '@tanstack/react-query';
import type { SecurityEventList } from '../../../../api/schemas/accounts/security-events.ts';
import { Button } from '../../form/button.tsx';
import { DataTable } from '../../layout/data-table.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { useNow } from '../../live/use-now.ts';
import { useText, whenHere } from '../../portal-context.tsx';

export interface SecurityEventTableProps {
  queryKey: readonly string[];
  /** Reads a page. @param page `nextPage` of the page before */
  read: (page: string | null) => Promise<SecurityEventList>;
}

/** Section with the security events of an account. */
export function SecurityEventTable({ queryKey, read }: SecurityEventTableProps) {
  const { sentences, words } = useText();
  const text = words.account.events;
  const details: Readonly<Record<string, string>> = text.detail;
  const now = useNow(60_000);
  const events = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextPage }) => nextPage,
  });
  const whatOf = ({ kind, detail, byAccountId }: SecurityEventList['items'][number]) =>
    [text.kind[kind], detail && `(${details[detail] ?? detail})`, byAccountId && text.byOthers]
      .filter(Boolean)
      .join(' ');
  return (
    <section aria-labelledby="security-events">
      <h2 id="security-events" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      <Loaded query={events}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p>{text.none}</p>;
          return (
            <DataTable
              id="security-events-table"
              caption={text.caption}
              columns={[text.when, text.what, text.device, text.from]}
              rows={items.map((event, index) => ({
                key: `${event.at} ${index}`,
                cells: [
                  sentences.at(new Date(event.at), whenHere(now)),
                  whatOf(event),
                  event.browser === null ? '' : words.account.browserName(event.browser),
                  event.network ?? '',
                ],
              }))}
            />
          );
        }}
      </Loaded>
      {events.hasNextPage && (
        <Button isBusy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </section>
  );
}
