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
const can = (known: OnboardingFacts, row: { closedAt: Date | null } = open) =>
  possibleOpsActions(opsActionFactsOf({ row, facts: known }));

test('the possible ops actions follow from where the agent stands', () => {
  expect(can(facts())).toEqual(['hold', 'deactivate', 'note']);
  expect(can(facts({ invitation: invitationFact() }))).toEqual(['invite', 'hold', 'deactivate', 'note']);
  // mailing an undeliverable address again is useless
  expect(can(facts({ invitation: invitationFact(), emailUndeliverableAt: mondayMorning }))).toEqual([
    'hold',
    'deactivate',
    'note',
  ]);
  expect(can(facts({ invitation: invitationFact(), heldAt: mondayMorning }))).toEqual([
    'release',
    'deactivate',
    'note',
  ]);
  expect(can(activeFacts())).toEqual(['hold', 'deactivate', 'note']);
  expect(can(activeFacts({ heldAt: mondayMorning }))).toEqual(['release', 'deactivate', 'note']);
  expect(can(activeFacts({ leftAt: mondayMorning }))).toEqual(['note']);
  expect(can(facts({ invitation: invitationFact() }), { closedAt: mondayMorning })).toEqual([
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
            const known: OpsActionFacts = { ...dates, wasInvited };
            const acts = possibleOpsActions(known);
            expect(acts).toContain('note');
            expect(acts.includes('hold') && acts.includes('release')).toBe(false);
            expect(leftAt && acts.length > 1).toBeFalsy();
            expect(opsActions.filter((act) => obstacleToAction(act, known))).toEqual(
              opsActions.filter((act) => !acts.includes(act)),
            );
          }
});
