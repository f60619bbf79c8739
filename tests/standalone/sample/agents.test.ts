import { expect, test } from '@jest/globals';
import { completeAgent } from '../../../standalone/sample/agents.ts';
import { parseDay } from '../../../standalone/sample/days.ts';
import { samplePeople, stuckPeople } from '../../../standalone/sample/sample-agents.ts';

const people = [...samplePeople.onboarded, samplePeople.invited, ...Object.values(stuckPeople)];

test('a named agent has the same licenses from day to day, so that a later file removes none of them', () => {
  const linesOn = (asOf: number) =>
    people.flatMap((person) =>
      completeAgent(person, { seed: 2027, asOf, taken: new Set() }).licenses.flatMap(
        ({ state, number, linesOfAuthority }) =>
          linesOfAuthority.map(({ code }) => `${person.npn} ${state} ${number} ${code}`),
      ),
    );
  const first = parseDay('2026-09-20');
  const days = Array.from({ length: 90 }, (_, index) => first + index);
  expect(new Set(days.map((day) => linesOn(day).join('\n'))).size).toBe(1);
});
