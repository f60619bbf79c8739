import { describe, expect, test } from '@jest/globals';
import { readReply } from '../../domain/text-reply.ts';

const stopWords = ['stop', 'quit', 'end', 'revoke', 'opt out', 'optout', 'cancel', 'unsubscribe', 'stopall'];

describe.each(stopWords)('«%s» ends texts', (word) => {
  test.each([
    word,
    word.toUpperCase(),
    `  ${word}\n`,
    `${word}!`,
    `"${word}."`,
    `*${word}* 🙏`,
    word.replace(' ', '-'),
  ])('written as %j', (text) => {
    expect(readReply(text)).toEqual({ kind: 'stop' });
  });
});

test.each([
  'please stop texting me',
  'Stop, please',
  'STOP sending me these',
  'Do not contact me again',
  'don’t text me',
  'No more texts!!',
  'I want to unsubscribe from these messages',
  'Remove my number',
  'D 4821 and stop texting me',
  'leave me alone',
  'no me envíen más mensajes',
  'ALTO',
])('%j plainly asks to stop', (text) => {
  expect(readReply(text)).toEqual({ kind: 'stop' });
});

test.each(['start', 'START', ' Unstop. ', 'yes', 'Yes!'])('%j lets texts come again', (text) => {
  expect(readReply(text)).toEqual({ kind: 'start' });
});

test.each(['help', 'HELP?', 'info', ' Info. ', 'ayuda'])('%j asks for help', (text) => {
  expect(readReply(text)).toEqual({ kind: 'help' });
});

test.each([
  ['A 4821', 'accept'],
  ['a4821', 'accept'],
  [' A-4821. ', 'accept'],
  ['D 4821', 'decline'],
  ['d: 4821', 'decline'],
  ['A 4821 thank you!', 'accept'],
  ['D 4821, too busy today', 'decline'],
  ['D 4821 sorry, not today', 'decline'],
])('%j answers an offer', (text, kind) => {
  expect(readReply(text)).toEqual({ kind, code: '4821' });
});

test.each([
  '',
  'ok thanks',
  'who is this',
  'A 482',
  'A 48211',
  'A 4821 not me',
  'A 4821? I can’t',
  '4821',
  'I can’t come',
  'end of the month',
  '👍',
])('%j is unclear', (text) => {
  expect(readReply(text)).toEqual({ kind: 'unclear' });
});
