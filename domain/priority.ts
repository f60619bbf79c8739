/**
 * Classes of work by who waits for it, the most urgent first (docs/architecture.md, rule 12). The values are Temporal's
 * priority keys, from 1 to 5. Work that earlier versions started has none, which counts as 3.
 */
const priorityKeys = {
  /** A person waits for the answer: an acceptance, a decline, an outcome, a registration, a code. */
  answer: 1,
  /** A consumer waits for an agent: a match, an offer, and what either of them is told about it. */
  look: 2,
  /** The facts of one agent have changed. */
  review: 4,
  /** Bulk mail about a link that expires: before bulk that may as well begin later. */
  link: 4,
  /** What one feed, one day or one schedule brings for many at once. */
  bulk: 5,
} as const;

export type WorkClass = keyof typeof priorityKeys;

/** Place of a workflow or activity in the task queue, as Temporal's options have it. */
export interface TaskPriority {
  priorityKey: number;
  fairnessKey?: string;
}

/**
 * Returns the place of work in the task queue.
 * @param fairnessKey Work of one key is not kept waiting by any amount of another key in the same class: the kinds of
 * notices, and the schedules. Without it all work of the class stands in one line.
 */
export function priorityOf(work: WorkClass, fairnessKey?: string): TaskPriority {
  const priorityKey = priorityKeys[work];
  return fairnessKey === undefined ? { priorityKey } : { priorityKey, fairnessKey };
}
