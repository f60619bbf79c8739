import { type ListenerOptions, startListener } from '../../runtime/pg-listener.ts';
import { hasDueMessages } from '../../store/outbox.ts';
import { type Loop, startLoop } from '../loops/loop.ts';
import { createPacing } from './pacing.ts';
import { type RelayDeps, relayPage } from './relay-page.ts';

/** The most messages leased at a time. */
const pageSize = 200;

/**
 * Drains the outbox after each commit that announces a message (NOTIFY), and on a tick for messages that were postponed or
 * whose announcement was lost. Keeps running while Postgres or Temporal is down, or cannot be listened to. Messages in
 * bulk have a loop of their own, so that none that somebody waits for stands behind a page of them.
 * @param tickMs the longest wait between two passes
 */
export function startRelay(
  deps: RelayDeps & Pick<ListenerOptions, 'log'>,
  { databaseUrl, tickMs }: { databaseUrl: string; tickMs: number },
): Pick<Loop, 'stop'> {
  const pacing = createPacing(deps.temporal, deps.taskQueue);
  const relayBulkPage = async (stopping: AbortSignal) => {
    if (!(await hasDueMessages(deps.db, { bulk: true }))) return { isFull: false };
    const size = await pacing.next(pageSize, stopping);
    if (size === 0) return { isFull: false };
    const page = await relayPage(deps, { bulk: true, size }, stopping);
    if (page.medianMs !== undefined) pacing.observe(page.medianMs);
    return page;
  };
  const options = { tickMs, log: deps.log, failureMessage: 'Outbox not relayed, will retry' };
  const loops = [
    startLoop({
      beginPass: () => (stopping) => relayPage(deps, { bulk: false, size: pageSize }, stopping),
      ...options,
    }),
    startLoop({ beginPass: () => relayBulkPage, ...options }),
  ];
  const listener = startListener({
    databaseUrl,
    name: 'help-on-demand relay',
    channels: { outbox: wakeAll },
    onListening: wakeAll,
    log: deps.log,
  });
  function wakeAll(): void {
    for (const { wake } of loops) wake();
  }
  return {
    async stop() {
      await Promise.all([listener.stop(), ...loops.map(({ stop }) => stop())]);
    },
  };
}
