import type { FailureType } from '../failures.ts';

/** Origins of a feed file: uploaded through the API, read by a command, or pulled by the service itself. */
export const feedOrigins = ['upload', 'command', 'pulled'] as const;
export type FeedOrigin = (typeof feedOrigins)[number];

/** States of an import. `interrupted`: its process died. */
export const feedImportStates = ['under-way', 'imported', 'refused', 'interrupted'] as const;
export type FeedImportState = (typeof feedImportStates)[number];

/** Reasons for which a whole file is refused. */
export const feedRefusals = [
  'feed-header-differs',
  'feed-truncated',
  'feed-mostly-bad',
  'feed-removes-too-much',
  'feed-holds-ssn',
] as const satisfies readonly FailureType[];
export type FeedRefusal = (typeof feedRefusals)[number];
