import { openEventStream, type StreamedEvent, type StreamOptions } from './event-stream.ts';
import type { LiveEvents, Topic } from './live-events.ts';

export interface StoredEventsOptions extends Omit<StreamOptions, 'subject' | 'retryMs' | 'readFirst'> {
  events: LiveEvents;
  topic: Topic;
  /** Reads the events after an id, oldest first; with undefined, the current one. */
  read: (after: number | undefined) => Promise<StreamedEvent[]>;
  log: { warn: (values: object, message: string) => void };
}

const retryMs = 2_000;

/**
 * Streams the stored events of one subject: first the current event, or with `Last-Event-ID` every event after that one;
 * then each new event. Events that cannot be read during an outage are read after it, so none is lost.
 */
export async function streamStoredEvents(options: StoredEventsOptions): Promise<void> {
  const { request, events, topic, read, log } = options;
  let last = lastEventId(request.get('Last-Event-ID'));
  const readNew = async () => {
    const found = await read(last);
    last = found.at(-1)?.id ?? last;
    return found;
  };
  const stream = await openEventStream({ ...options, subject: topic, retryMs, readFirst: readNew });
  if (!stream) return;
  let isBehind = false;
  const sendNew = oneAtATime(async () => {
    isBehind = true;
    stream.send(await readNew());
    isBehind = false;
  }, log);
  const stop = events.watch(topic, {
    onChange: sendNew,
    onGap: sendNew,
    // the event may be readable already, and the page of a referral polls as well
    onOutage: () => undefined,
    onTick: () => (isBehind ? sendNew() : stream.beat()),
    onStop: stream.end,
  });
  stream.onClose(stop);
  // events between the first read and the start of the watch
  sendNew();
}

/** Returns a function that starts the work, or has the running work followed by another one. */
function oneAtATime(work: () => Promise<void>, log: StoredEventsOptions['log']): () => void {
  let isRunning = false;
  let isAsked = false;
  const run = async () => {
    isRunning = true;
    try {
      do {
        isAsked = false;
        await work();
      } while (isAsked);
    } catch (error) {
      log.warn({ err: error }, 'Event stream read failed, will retry');
    } finally {
      isRunning = false;
    }
  };
  return () => {
    if (isRunning) isAsked = true;
    else void run();
  };
}

function lastEventId(header = ''): number | undefined {
  return /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
