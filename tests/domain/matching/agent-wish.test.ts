import { expect, test } from '@jest/globals';
import { endsOfHelp, inOrderOfSpeech, readTypedAgent } from '../../../domain/matching/agent-wish.ts';

test.each([
  ['17593264', { npn: '17593264' }],
  ['NPN 0017-593-264', { npn: '0017593264' }],
  ['npn:１７５９', { npn: '1759' }],
  [' Ana Reyes ', { name: 'Ana Reyes' }],
  ['Ana Reyes 1759', { name: 'Ana Reyes 1759' }],
  ['Nguyễn Văn A', { name: 'Nguyễn Văn A' }],
])('an agent given as “%s” is read as %j', (typed, read) => {
  expect(readTypedAgent(typed)).toEqual(read);
});

test.each([
  ['Reyes, Ana', 'Ana Reyes'],
  ['Ana Reyes', 'Ana Reyes'],
  ['Reyes, Ana, Jr.', 'Reyes, Ana, Jr.'],
])('the name “%s” is spoken as “%s”', (typed, spoken) => {
  expect(inOrderOfSpeech(typed)).toBe(spoken);
});

test('an agent helped if the consumer was not in need of another afterwards', () => {
  expect(endsOfHelp.toSorted()).toEqual(['closed', 'closed-by-ops', 'consent-expired', 'withdrawn']);
});
