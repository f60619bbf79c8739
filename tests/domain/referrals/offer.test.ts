import { describe, expect, test } from '@jest/globals';
import {
  endOnTimeout,
  type OfferEnd,
  type OfferPhase,
  offerEndRules,
  offerPhaseOf,
  recipientsOfEnd,
} from '../../../domain/referrals/offer.ts';
import { type Outcome, outcomeRules, outcomes } from '../../../domain/referrals/referral.ts';

type Recipients = 'nobody' | 'agent' | 'consumer' | 'both';

/** The expected rules: who makes an end, what follows, in which phases, and who is notified after acceptance. */
const table: Record<
  OfferEnd,
  [by: string, then: string, phases: OfferPhase[], notifiedAfterAcceptance: Recipients]
> = {
  declined: ['agent', 'ask-another', ['offered'], 'consumer'],
  expired: ['clock', 'ask-another', ['offered'], 'both'],
  unreachable: ['service', 'ask-another', ['offered'], 'both'],
  rescinded: ['service', 'ask-another', ['offered', 'accepted', 'contacted'], 'both'],
  taken: ['service', 'nothing', ['offered'], 'both'],
  silent: ['clock', 'ask-another', ['accepted'], 'both'],
  'handed-back': ['agent', 'ask-another', ['accepted', 'contacted'], 'consumer'],
  'wrong-number': ['agent', 'ask-another', ['accepted'], 'consumer'],
  'closed-by-ops': ['service', 'close', ['offered', 'accepted', 'contacted'], 'both'],
  'another-asked': ['consumer', 'ask-another', ['accepted', 'contacted'], 'agent'],
  withdrawn: ['consumer', 'close', ['offered', 'accepted', 'contacted'], 'agent'],
  'consent-expired': ['clock', 'close', ['offered', 'accepted'], 'both'],
  closed: ['agent', 'close', ['contacted'], 'consumer'],
};
const recipientLists: Record<Recipients, string[]> = {
  nobody: [],
  agent: ['agent'],
  consumer: ['consumer'],
  both: ['agent', 'consumer'],
};

describe('the end of an offer', () => {
  test('is one of thirteen', () => {
    expect(Object.keys(offerEndRules).toSorted()).toEqual(Object.keys(table).toSorted());
  });

  test.each(Object.keys(table) as OfferEnd[])('%s: who makes it, what follows, who is notified', (end) => {
    const [by, next, phases, recipients] = table[end];
    expect([offerEndRules[end].by, offerEndRules[end].then, offerEndRules[end].in]).toEqual([
      by,
      next,
      phases,
    ]);
    expect(recipientsOfEnd(offerEndRules[end].by, 'offered')).toEqual(recipientLists.nobody);
    expect(recipientsOfEnd(offerEndRules[end].by, 'accepted')).toEqual(recipientLists[recipients]);
    expect(recipientsOfEnd(offerEndRules[end].by, 'contacted')).toEqual(recipientLists[recipients]);
  });

  test('by timeout is one that its phase allows', () => {
    expect(endOnTimeout).toEqual({ offered: 'expired', accepted: 'silent', contacted: 'closed' });
    for (const phase of ['offered', 'accepted', 'contacted'] as const) {
      expect(offerEndRules[endOnTimeout[phase]].in).toContain(phase);
    }
    // neither agent nor consumer made it
    expect(recipientsOfEnd('clock', 'contacted')).toEqual(recipientLists.both);
  });

  test('can come in every phase from the clock or the consumer, so that nothing waits for ever', () => {
    for (const phase of ['offered', 'accepted', 'contacted'] as const) {
      expect(offerEndRules.withdrawn.in).toContain(phase);
      expect(offerEndRules.rescinded.in).toContain(phase);
    }
  });
});

test('an offer is in the phase of the last thing that happened to it', () => {
  const instant = new Date();
  expect(offerPhaseOf({ acceptedAt: null, contactedAt: null })).toBe('offered');
  expect(offerPhaseOf({ acceptedAt: instant, contactedAt: null })).toBe('accepted');
  expect(offerPhaseOf({ acceptedAt: instant, contactedAt: instant })).toBe('contacted');
});

describe('an outcome', () => {
  const allowed: Record<Outcome, OfferPhase[]> = {
    contacted: ['accepted'],
    attempted: ['accepted'],
    quoted: ['contacted'],
    deferred: ['contacted'],
    delayed: ['contacted'],
    'wrong-number': ['accepted'],
    enrolled: ['contacted'],
    'not-a-good-prospect': ['contacted'],
    'handed-back': ['accepted', 'contacted'],
  };
  const withReason: Outcome[] = ['delayed', 'not-a-good-prospect', 'handed-back'];
  const expirations: Partial<Record<Outcome, OfferEnd>> = {
    enrolled: 'closed',
    'not-a-good-prospect': 'closed',
    'handed-back': 'handed-back',
    'wrong-number': 'wrong-number',
  };

  test.each(outcomes)('%s: when it is allowed, whether it needs a reason, what it ends', (outcome) => {
    const rule = outcomeRules[outcome];
    expect(rule.in).toEqual(allowed[outcome]);
    expect(rule.reasons !== undefined).toBe(withReason.includes(outcome));
    expect(rule.ends).toBe(expirations[outcome]);
  });

  test('ends the offer only in a phase that allows that end', () => {
    for (const { ends: end, in: phases } of Object.values(outcomeRules)) {
      expect(end ? offerEndRules[end].in : phases).toEqual(expect.arrayContaining([...phases]));
    }
  });
});
