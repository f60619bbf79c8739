import type { Change } from '../../../store/changes.ts';
import type { SessionStreams } from '../../auth/session-streams.ts';
import type { ChangeEvent } from '../../schemas/accounts/changes.ts';
import { fail } from '../problems.ts';
import { openEventStream, type StreamedEvent, type StreamOptions } from './event-stream.ts';
import type { LiveEvents, Topic } from './live-events.ts';

export interface AccountChangesOptions extends Omit<StreamOptions, 'subject' | 'retryMs' | 'readFirst'> {
  events: LiveEvents;
  topic: Topic;
  /** SHA-256 of the session's token. The stream ends with the session. */
  tokenSha256: string;
  sessions: SessionStreams;
  /** Shortest time between two events, in milliseconds: what changes meanwhile is sent in one. */
  pauseMs: number;
}

/** More ids than this are not listed: the client reads everything again. */
const maxIds = 100;
/** After the end of its session it reconnects at once, and is told why it may not. */
const endedRetryMs = 500;
/** A client reconnects after 2 to 20 seconds, so that not all agents ask at once after a process has stopped. */
const retryMs = () => 2_000 + Math.round(Math.random() * 18_000);

/**
 * Streams what has changed for a logged-in account: ids alone, so that the client reads what it shows. The first event is
 * `current`, upon which a client reads everything; so it needs no events that it has missed. While changes cannot be read
 * there is no stream, so that a client knows that it has to read by itself.
 * @throws a problem `unavailable` while changes cannot be read, and what `openEventStream` throws
 */
export async function streamAccountChanges(options: AccountChangesOptions): Promise<void> {
  const { events, topic, tokenSha256, sessions, pauseMs } = options;
  if (events.isOut()) fail('unavailable', { retryAfter: 30 });
  const current = (): StreamedEvent => ({
    id: events.position(),
    event: 'current',
    data: { onboardings: [], referrals: [] } satisfies ChangeEvent,
  });
  const stream = await openEventStream({
    ...options,
    subject: `session ${tokenSha256}`,
    retryMs: retryMs(),
    readFirst: async () => [],
  });
  if (!stream) return;
  let pending: Change[] = [];
  let pause: NodeJS.Timeout | undefined;
  const send = () => {
    pause = undefined;
    if (pending.length === 0) return;
    const isLong = pending.length > maxIds;
    stream.send([isLong ? current() : { id: events.position(), event: 'change', data: toEvent(pending) }]);
    pending = [];
    pause = setTimeout(send, pauseMs);
  };
  const unwatch = events.watch(topic, {
    onChange(changes) {
      // a feed changes many; one more than the limit says as much as all
      pending.push(...changes.slice(0, maxIds + 1 - pending.length));
      if (!pause) send();
    },
    // it reconnects at an instant of its own, and reads everything
    onGap: stream.end,
    onOutage: stream.end,
    onTick: stream.beat,
    onStop: stream.end,
  });
  const unfollow = sessions.follow(tokenSha256, () => stream.end(endedRetryMs));
  stream.onClose(() => {
    clearTimeout(pause);
    unwatch();
    unfollow();
  });
  // after the start of the watch, so that no change falls between
  stream.send([current()]);
}

function toEvent(changes: readonly Change[]): ChangeEvent {
  const idsOf = (kind: Change['kind']) => [
    ...new Set(changes.filter((change) => change.kind === kind).map(({ id }) => id)),
  ];
  return { onboardings: idsOf('onboarding'), referrals: idsOf('referral') };
}
