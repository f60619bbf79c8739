import { expect, test } from '@jest/globals';
import type { OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import {
  type OpsActionFacts,
  obstacleToAction,
  opsActionFactsOf,
  opsActions,
  possibleOpsActions,
} from '../../../domain/ops/ops-actions.ts';
import { activeFacts, facts, invitationFact, mondayMorning } from '../onboarding/facts.ts';

const open = { closedAt: null };
const actionsFor = (onboarding: OnboardingFacts, row: { closedAt: Date | null } = open) =>
  possibleOpsActions(opsActionFactsOf({ row, facts: onboarding }));

test('the possible ops actions follow from where the agent stands', () => {
  expect(actionsFor(facts())).toEqual(['hold', 'deactivate', 'note']);
  expect(actionsFor(facts({ invitation: invitationFact() }))).toEqual([
    'invite',
    'hold',
    'deactivate',
    'note',
  ]);
  // mailing an undeliverable address again is useless
  expect(actionsFor(facts({ invitation: invitationFact(), emailUndeliverableAt: mondayMorning }))).toEqual([
    'hold',
    'deactivate',
    'note',
  ]);
  expect(actionsFor(facts({ invitation: invitationFact(), heldAt: mondayMorning }))).toEqual([
    'release',
    'deactivate',
    'note',
  ]);
  expect(actionsFor(activeFacts())).toEqual(['hold', 'deactivate', 'note']);
  expect(actionsFor(activeFacts({ heldAt: mondayMorning }))).toEqual(['release', 'deactivate', 'note']);
  expect(actionsFor(activeFacts({ leftAt: mondayMorning }))).toEqual(['note']);
  expect(actionsFor(facts({ invitation: invitationFact() }), { closedAt: mondayMorning })).toEqual([
    'hold',
    'deactivate',
    'note',
  ]);
});

test('an agent can never be both held and released, and after leaving can only get notes', () => {
  const either = [null, mondayMorning];
  for (const leftAt of either)
    for (const heldAt of either)
      for (const registeredAt of either)
        for (const closedAt of either)
          for (const wasInvited of [false, true]) {
            const emailUndeliverableAt = either[Number(wasInvited)] ?? null;
            const dates = { leftAt, heldAt, registeredAt, closedAt, emailUndeliverableAt };
            const actionFacts: OpsActionFacts = { ...dates, wasInvited };
            const actions = possibleOpsActions(actionFacts);
            expect(actions).toContain('note');
            expect(actions.includes('hold') && actions.includes('release')).toBe(false);
            expect(leftAt && actions.length > 1).toBeFalsy();
            expect(opsActions.filter((action) => obstacleToAction(action, actionFacts))).toEqual(
              opsActions.filter((action) => !actions.includes(action)),
            );
          }
});
