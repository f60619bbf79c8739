import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/queries.ts';
import { Button } from '../../form/button.tsx';
import { DataTable } from '../../layout/data-table.tsx';
import { DoneAlert } from '../../layout/done-alert.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { ProblemAlert } from '../../layout/problem-alert.tsx';
import { useNow } from '../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';

/** Section with the devices on which the account is logged in, each with a button that ends it. */
export function SessionTable() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.account.sessions;
  const now = useNow(60_000);
  const queries = useQueryClient();
  const own = useQuery({ queryKey: keys.sessions, queryFn: calls.sessions });
  const end = useMutation({
    mutationFn: (id: string | undefined) =>
      id === undefined ? calls.endOtherSessions() : calls.endSession(id),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.account }),
  });
  const at = (instant: string) => sentences.at(new Date(instant), whenHere(now));
  const nameOf = (browser: string | null) =>
    browser === null ? text.unknown : words.account.browserName(browser);
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions" className="ds-text-heading--lg">
        {text.heading}
      </h2>
      {end.error && <ProblemAlert error={end.error} />}
      {end.isSuccess && <DoneAlert key={end.submittedAt}>{text.ended}</DoneAlert>}
      <Loaded query={own}>
        {({ sessions }) => (
          <>
            <DataTable
              id="sessions-table"
              caption={text.caption}
              columns={[text.device, text.from, text.used, text.since, text.action]}
              rows={sessions.map(({ id, isCurrent, browser, network, usedAt, createdAt }) => ({
                key: id,
                cells: [
                  isCurrent ? text.current(nameOf(browser)) : nameOf(browser),
                  network ?? text.unknown,
                  at(usedAt),
                  at(createdAt),
                  isCurrent ? (
                    ''
                  ) : (
                    <Button key="end" size="small" isBusy={end.isPending} onClick={() => end.mutate(id)}>
                      {text.end}
                    </Button>
                  ),
                ],
              }))}
            />
            {sessions.length > 1 && (
              <Button isBusy={end.isPending} onClick={() => end.mutate(undefined)}>
                {text.endOthers}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
