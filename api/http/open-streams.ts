import { fail } from './problems.ts';

/** How many event streams are open at a time. */
export interface StreamLimits {
  /** Of one subject: the oldest makes way, as a lost connection looks like an open one for long. */
  perSubject: number;
  /** From one network, behind which many people can be. */
  perNetwork: number;
  /** Of this process. */
  total: number;
}

/** Somebody with a laptop, a phone, several pages and reconnects between them is well within the first of them. */
export const streamLimits: StreamLimits = { perSubject: 8, perNetwork: 500, total: 5_000 };

interface OpenStream {
  subject: string;
  network: string;
  /** Ends it for a newer one. */
  evict: () => void;
}

/** The event streams that a process holds open. */
export interface OpenStreams {
  /**
   * Takes one in. @returns what takes it out again, any number of times
   * @throws a problem: `too-many-requests` for a network that has too many, `unavailable` where the process is full
   */
  enter(stream: OpenStream): () => void;
}

export function createOpenStreams({ perSubject, perNetwork, total }: StreamLimits): OpenStreams {
  // a set is in the order in which they came
  const open = new Set<OpenStream>();
  const subjects = new Map<string, Set<OpenStream>>();
  const networks = new Map<string, Set<OpenStream>>();

  function leave(stream: OpenStream): void {
    open.delete(stream);
    drop(subjects, stream.subject, stream);
    drop(networks, stream.network, stream);
  }

  return {
    enter(stream) {
      const [oldest] =
        countOf(subjects, stream.subject) >= perSubject ? (subjects.get(stream.subject) ?? []) : [];
      if (oldest) {
        leave(oldest);
        oldest.evict();
      }
      if (countOf(networks, stream.network) >= perNetwork) fail('too-many-requests', { retryAfter: 60 });
      if (open.size >= total) fail('unavailable', { retryAfter: 30 });
      open.add(stream);
      add(subjects, stream.subject, stream);
      add(networks, stream.network, stream);
      return () => leave(stream);
    },
  };
}

const countOf = (streams: ReadonlyMap<string, Set<OpenStream>>, key: string) => streams.get(key)?.size ?? 0;

function add(streams: Map<string, Set<OpenStream>>, key: string, stream: OpenStream): void {
  const those = streams.get(key) ?? new Set();
  streams.set(key, those.add(stream));
}

function drop(streams: Map<string, Set<OpenStream>>, key: string, stream: OpenStream): void {
  const those = streams.get(key);
  those?.delete(stream);
  if (those?.size === 0) streams.delete(key);
}
