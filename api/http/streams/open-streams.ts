import { fail } from '../problems.ts';

/** Maximum numbers of event streams that are open at a time. */
export interface StreamLimits {
  /** Streams of one subject. The oldest is evicted, because a lost connection looks open for a long time. */
  perSubject: number;
  /** Streams from one network, which many people may share. */
  perNetwork: number;
  /** Streams of this process. */
  total: number;
}

/** Eight by subject is enough for one person with a laptop, a phone, several open pages and reconnects. */
export const streamLimits: StreamLimits = { perSubject: 8, perNetwork: 500, total: 5_000 };

interface OpenStream {
  subject: string;
  network: string;
  /** Ends the stream in favor of a newer one. */
  evict: () => void;
}

/** Open event streams of this process. */
export interface OpenStreams {
  /**
   * Adds a stream. @returns a function that removes it; calling it again has no effect
   * @throws a problem: `too-many-requests` if its network has too many streams, `unavailable` if the process has
   */
  enter(stream: OpenStream): () => void;
}

/** Creates the registry of open event streams, which enforces the limits. */
export function createOpenStreams({ perSubject, perNetwork, total }: StreamLimits): OpenStreams {
  // a Set keeps insertion order
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
  const group = streams.get(key) ?? new Set();
  streams.set(key, group.add(stream));
}

function drop(streams: Map<string, Set<OpenStream>>, key: string, stream: OpenStream): void {
  const group = streams.get(key);
  group?.delete(stream);
  if (group?.size === 0) streams.delete(key);
}
