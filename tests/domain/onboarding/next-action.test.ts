import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import { type NextAction, nextActionOf } from '../../../domain/onboarding/next-action.ts';
import { standingAt } from '../../../domain/onboarding/standing.ts';
import { finalStages } from '../../../domain/stages.ts';
import { anyFacts, anyInstant } from './any-facts.ts';
import { activeFacts, completeEvidence, facts, invitationFact, license, mondayMorning } from './facts.ts';

const next = (known: OnboardingFacts, now = mondayMorning): NextAction =>
  nextActionOf(now, known, standingAt(now, known));

test('an eligible agent is invited now', () => {
  expect(next(facts())).toEqual({ does: 'invite', at: mondayMorning });
});

test('an invited agent is reminded first, and then the link expires', () => {
  const invited = facts({ eligibleAt: mondayMorning, invitation: invitationFact() });
  const { remindAt, expiresAt } = invitationFact();
  expect(next(invited)).toEqual({ does: 'remind-of-invitation', at: remindAt });
  const reminded = facts({ eligibleAt: mondayMorning, invitation: invitationFact({ remindedAt: remindAt }) });
  expect(next(reminded, remindAt)).toEqual({ does: 'go-on', stage: 'invitation-expired', at: expiresAt });
});

test('after the link has expired nothing comes by itself but the end of the year', () => {
  const expired = facts({ eligibleAt: mondayMorning, invitation: invitationFact({ endedAs: 'expired' }) });
  const yearsEnd = new Date('2028-01-01T05:00:00Z');
  expect(next(expired)).toEqual({ does: 'go-on', stage: 'lapsed', at: yearsEnd });
});

test('after an invitation that failed at a good address the next one goes out at its scheduled instant', () => {
  const retryAt = new Date(mondayMorning.getTime() + 4 * 3_600_000);
  const failed = facts({
    eligibleAt: mondayMorning,
    invitation: invitationFact({ endedAs: 'undeliverable', retryAt }),
  });
  expect(next(failed)).toEqual({ does: 'invite', at: retryAt });
  expect(next(failed, retryAt)).toEqual({ does: 'invite', at: retryAt });
  // the later plan year invites by itself
  const leftToLater = { ...failed, isInvitedByLaterYear: true };
  expect(next(leftToLater).does).toBe('go-on');
});

test('an agent with missing terms is reminded at the scheduled instant', () => {
  const remindAt = new Date(mondayMorning.getTime() + 24 * 3_600_000);
  const waiting = facts({
    eligibleAt: mondayMorning,
    registeredAt: mondayMorning,
    termsRemindAt: [remindAt],
  });
  expect(next(waiting)).toEqual({ does: 'remind-of-terms', at: remindAt });
});

test('a license that begins later lets the agent in on its day', () => {
  const later = facts({
    evidence: { ...completeEvidence(), licenses: [license({ issuedOn: '2026-12-01' })] },
  });
  expect(next(later)).toEqual({ does: 'invite', at: new Date('2026-12-01T05:00:00Z') });
});

test('an agent who has left gets nothing more', () => {
  expect(next(activeFacts({ leftAt: mondayMorning }))).toEqual({ does: 'nothing' });
});

test('the next action is at exactly the instant at which the workflow wakes by itself', () => {
  fc.assert(
    fc.property(anyFacts, anyInstant, (known, now) => {
      const { stage, pendingStep, nextChangeAt } = standingAt(now, known);
      const action = next(known, now);
      const wakesAt = pendingStep ? now : finalStages.has(stage) ? undefined : nextChangeAt;
      expect(action.does === 'nothing' ? undefined : action.at).toEqual(wakesAt);
    }),
  );
});
