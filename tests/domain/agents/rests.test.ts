import { expect, test } from '@jest/globals';
import { mustRest, type PastOffer } from '../../../domain/agents/rests.ts';

const unseen: PastOffer = { endedAs: 'expired', isSeen: false };
const seen: PastOffer = { endedAs: 'expired', isSeen: true };
const declined: PastOffer = { endedAs: 'declined', isSeen: false };
const taken: PastOffer = { endedAs: 'taken', isSeen: false };
const open: PastOffer = { endedAs: null, isSeen: false };

test.each<[string, PastOffer[], number, boolean]>([
  ['three unseen in a row', [unseen, unseen, unseen], 3, true],
  ['three unseen after an answer', [unseen, unseen, unseen, declined], 3, true],
  ['one of them taken by another agent', [taken, unseen, unseen], 3, true],
  ['two', [unseen, unseen], 3, false],
  ['an answer among them', [unseen, declined, unseen], 3, false],
  ['a look among them', [unseen, unseen, seen], 3, false],
  ['one that can still be answered', [open, unseen, unseen], 3, false],
  ['one is enough', [unseen, declined], 1, true],
  ['nobody rests', [unseen, unseen, unseen], 0, false],
])('%s', (_, last, after, expected) => {
  expect(mustRest(last, after)).toBe(expected);
});
