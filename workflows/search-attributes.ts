import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import type { Instant } from './messages.ts';

/** Search attributes that ops can filter by in Temporal (docs/ops.md). No personal data: an NPN is public. */
export const searchAttributes = {
  stage: defineSearchAttributeKey('Stage', 'KEYWORD'),
  since: defineSearchAttributeKey('Since', 'DATETIME'),
  waitingUntil: defineSearchAttributeKey('WaitingUntil', 'DATETIME'),
  causes: defineSearchAttributeKey('Causes', 'KEYWORD_LIST'),
  planYear: defineSearchAttributeKey('PlanYear', 'INT'),
  state: defineSearchAttributeKey('State', 'KEYWORD'),
  npn: defineSearchAttributeKey('Npn', 'KEYWORD'),
  offerNumber: defineSearchAttributeKey('OfferNumber', 'INT'),
} as const;

/** Search attributes that onboardings and referrals share: the stage, since when, why, and until when. */
export function stageAttributes(at: {
  stage: string;
  since: Instant;
  causes: readonly string[];
  waitingUntil: Instant | undefined;
}): SearchAttributeUpdatePair[] {
  return [
    { key: searchAttributes.stage, value: at.stage },
    { key: searchAttributes.since, value: new Date(at.since) },
    { key: searchAttributes.causes, value: [...at.causes] },
    { key: searchAttributes.waitingUntil, value: at.waitingUntil ? new Date(at.waitingUntil) : null },
  ];
}
