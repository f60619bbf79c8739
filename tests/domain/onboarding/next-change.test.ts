import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import { offerObstacles, standingAt } from '../../../domain/onboarding/standing.ts';
import { anyFacts, anyInstant } from './any-facts.ts';

const horizon = Date.parse('2026-11-08T00:00:00Z');
const muchLater = new Date('2031-01-01T00:00:00Z');
const runs = { numRuns: 800 };

/** The parts of a standing that others act on: stage, causes, states and pending step. */
function answerAt(instant: Date, facts: OnboardingFacts) {
  const { stage, causes, states, covered, pendingStep } = standingAt(instant, facts);
  return { stage, causes, states, covered, pendingStep };
}

/** Midnights of these days in Eastern time: daylight time until the morning of November 1, then an hour later. */
const midnights = ['10-30T04', '10-31T04', '11-01T04', '11-02T05', '11-03T05', '11-04T05', '11-05T05'].map(
  (text) => new Date(`2026-${text}:00:00Z`),
);

/** Lists every instant at which anything in the facts begins or ends. */
function moments({ invitation, termsRemindAt }: OnboardingFacts): Date[] {
  const ofLink = invitation ? [invitation.remindAt, invitation.expiresAt] : [];
  return [...midnights, ...ofLink, ...termsRemindAt];
}

test('nothing changes by itself before the next change', () => {
  fc.assert(
    fc.property(anyFacts, anyInstant, fc.array(anyInstant, { maxLength: 6 }), (facts, now, others) => {
      const { nextChangeAt } = standingAt(now, facts);
      const until = nextChangeAt?.getTime() ?? horizon;
      const looks = [...moments(facts), ...others, new Date(until - 1)];
      for (const instant of looks.filter((look) => look > now && look.getTime() < until)) {
        expect(answerAt(instant, facts)).toEqual(answerAt(now, facts));
      }
    }),
    runs,
  );
});

test('at the next change something does, and it lies ahead', () => {
  fc.assert(
    fc.property(anyFacts, anyInstant, (facts, now) => {
      const { nextChangeAt } = standingAt(now, facts);
      fc.pre(nextChangeAt !== undefined);
      expect(nextChangeAt.getTime()).toBeGreaterThan(now.getTime());
      expect(answerAt(nextChangeAt, facts)).not.toEqual(answerAt(now, facts));
    }),
    runs,
  );
});

test('one change after another leads to lapsed or left, and stays there', () => {
  fc.assert(
    fc.property(anyFacts, anyInstant, (facts, start) => {
      let standing = standingAt(start, facts);
      for (let steps = 0; standing.nextChangeAt && steps < 60; steps += 1) {
        standing = standingAt(standing.nextChangeAt, facts);
      }
      expect(standing.nextChangeAt).toBeUndefined();
      expect(['lapsed', 'left']).toContain(standing.stage);
      expect(answerAt(muchLater, facts).stage).toBe(standing.stage);
    }),
    runs,
  );
});

test('only active agents serve states; they meet every condition, but may lack a state, a language or a channel, or be terminated for another year', () => {
  fc.assert(
    fc.property(anyFacts, anyInstant, (facts, now) => {
      const { stage, causes, states, conditions } = standingAt(now, facts);
      expect(states.length > 0).toBe(stage === 'active' && !causes.includes('terminated-for-cause'));
      const unmet = conditions.filter(({ met }) => !met);
      const others = causes.filter((cause) => !offerObstacles.some((hindrance) => hindrance === cause));
      expect(stage === 'active' ? [others, unmet] : [[], []]).toEqual([[], []]);
      expect(stage === 'active' || others.length === causes.length).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
