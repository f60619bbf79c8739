import type { FailureType } from '../failures.ts';

/** Where a feed's file came from: through the API, from a file on the machine, or asked for by the service itself. */
export const feedOrigins = ['upload', 'command', 'pulled'] as const;
export type FeedOrigin = (typeof feedOrigins)[number];

/** Where an import is: its process works on it, or it has ended. One whose process died was interrupted. */
export const feedImportStates = ['under-way', 'imported', 'refused', 'interrupted'] as const;
export type FeedImportState = (typeof feedImportStates)[number];

/** Why a file is refused as a whole. */
export const feedRefusals = [
  'feed-header-differs',
  'feed-truncated',
  'feed-mostly-bad',
  'feed-removes-too-much',
  'feed-holds-ssn',
] as const satisfies readonly FailureType[];
export type FeedRefusal = (typeof feedRefusals)[number];
