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
    expect(readReply(text)).toEqual([{ kind: 'stop' }]);
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
  'Liked it, STOP',
  'thanks but please stop',
  'STOP\n\nSent from my car',
  'Lose my number',
  'stop 4821',
  'leave me alone',
  'no me envíen más mensajes',
  'ALTO',
])('%j plainly asks to stop', (text) => {
  expect(readReply(text)).toEqual([{ kind: 'stop' }]);
});

test.each(['start', 'START', ' Unstop. ', 'yes', 'Yes!'])('%j lets texts come again', (text) => {
  expect(readReply(text)).toContainEqual({ kind: 'start' });
});

test.each(['help', 'HELP?', 'info', ' Info. ', 'ayuda'])('%j asks for help', (text) => {
  expect(readReply(text)).toEqual([{ kind: 'help' }]);
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
  ['4821 A', 'accept'],
  ['4821a', 'accept'],
  ['A 48 21', 'accept'],
  ['A 4 8 2 1', 'accept'],
  ['Accept 4821', 'accept'],
  ['I accept 4821', 'accept'],
  ['Acepto 4821', 'accept'],
  ['Acepto la oferta 4821, gracias', 'accept'],
  ['yes 4821', 'accept'],
  ['OK, I’ll take offer #4821', 'accept'],
  ['A 4821 please', 'accept'],
  ['Ａ ４８２１', 'accept'],
  ['A\u200B 4821', 'accept'],
  ['A 482l', 'accept'],
  ['No 4821', 'decline'],
  ['decline code 4821', 'decline'],
  ['Rechazo 4821', 'decline'],
  ['A 4821 Sent from my car', 'accept'],
])('%j answers an offer', (text, kind) => {
  expect(readReply(text)).toEqual([{ kind, code: '4821' }]);
});

test('a letter O in a code is a zero', () => {
  expect(readReply('A 4O21')).toEqual([{ kind: 'accept', code: '4021' }]);
});

describe('one text can mean several things:', () => {
  test.each([
    ['D 1234 STOP', 'decline'],
    ['D 1234, stop', 'decline'],
    ['D 1234 and stop texting me', 'decline'],
    ['STOP D 1234', 'decline'],
    ['A 1234 stop texting me', 'accept'],
    ['A 1234!!! STOP!!!', 'accept'],
    ['Acepto 1234 y no me escriban más', 'accept'],
  ])('%j answers and stops', (text, kind) => {
    expect(readReply(text)).toEqual([{ kind, code: '1234' }, { kind: 'stop' }]);
  });

  test('two offers are answered, each by its code', () => {
    expect(readReply('A 4821 D 1234')).toEqual([
      { kind: 'accept', code: '4821' },
      { kind: 'decline', code: '1234' },
    ]);
  });

  test('yes lets texts come again, and may be meant for an offer', () => {
    expect(readReply('Yes!')).toEqual([{ kind: 'start' }, { kind: 'attempt', isSure: false }]);
  });
});

describe('a clear attempt to answer that is no answer', () => {
  test.each([
    'accept',
    'I accept the offer',
    'Decline',
    'acepto',
    'A',
    'd.',
    '4821',
    'A 482',
    'A 48211',
    'A 4821 not me',
    'A 4821? I can’t',
    'A 4821 D 4821',
    'cancel 4821',
  ])('%j can be about nothing else', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'attempt', isSure: true }]);
  });

  test.each(['ok', 'OK thanks', 'no', 'Nope.', 'sure', '👍', '👍🏽', '👎'])(
    '%j may be about an offer that is open',
    (text) => {
      expect(readReply(text)).toEqual([{ kind: 'attempt', isSure: false }]);
    },
  );
});

const ours =
  'Help On Demand: we have your request and are looking for an agent. See how far we are: https://help.example/status/1#A4821 Reply STOP to end texts, HELP for help. Message and data rates may apply.';
const offered =
  'Help On Demand: new referral in 85004 Phoenix, AZ. English; New coverage. Reply A 4821 to accept or D 4821 to decline by 10:15 AM MST, or open https://help.example/offer/1#token';

describe('a reaction to a text of ours is nobody’s reply:', () => {
  const words = [
    'Liked',
    'Loved',
    'Disliked',
    'Laughed at',
    'Emphasized',
    'Emphasised',
    'Questioned',
    'Removed a like from',
    'Removed a heart from',
    'Removed an exclamation from',
    'Removed a question mark from',
    'Reacted 😂 to',
    'reacted 👍 to',
    'Removed 😂 from',
    '👍 to',
    '❤️ to',
    '\u200A\u200B👍\u200B to',
    'Le gustó',
    'Le encantó',
    'No le gustó',
    'Le dio risa',
    'Exclamó por',
    'Reaccionó con 👍 a',
    'A aimé',
    'N’a pas aimé',
    'A réagi avec 🔥 à',
    'Amou',
    'Gostou de',
    'Riu de',
    'Liebt',
    'Đã thích',
    '喜欢',
    // a phone whose language nobody has thought of
    'Tykkäsi tästä',
  ];
  test.each(words)('«%s»', (word) => {
    for (const text of [ours, offered])
      for (const [open, close] of ['““', '“”', '""', '«»', '„“', '“\u200A\u200A”'.split('\u200A\u200A')].map(
        (pair) => [pair[0], pair[1]],
      ))
        expect(readReply(`${word} ${open}${text}${close}`)).toEqual([{ kind: 'automatic' }]);
  });

  test.each([
    'Liked “…Reply STOP to end texts…”',
    'Liked “STOP”',
    'Liked an image',
    'Loved an attachment',
    'Removed a like from an image',
    'Reacted 😂 to a photo',
    'Le encantó una imagen',
    'Emphasized your message',
    `Liked “${ours.slice(0, 120)}`,
    `„${ours}“ gefällt mir`,
    ` ${ours.replace(/^/, '👍 to “')}” `,
  ])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });
});

describe('an automatic answer is nobody’s reply:', () => {
  test.each([
    'I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.',
    'I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.',
    "I'm currently driving",
    '(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your original message.)',
    'Sent from my car',
    'Thank you for contacting Acme Insurance. We are closed. Reply STOP to unsubscribe',
    'Thanks for reaching out! Our office opens at 9. Text STOP to opt out, HELP for help.',
    'Auto-Reply: I am out of the office until Monday. Please do not send personal information by text.',
    'Out of office',
    'Free Msg: Unable to deliver message to 1234. Message Blocking is active.',
    'This number is not monitored and cannot receive text messages.',
    'Estoy conduciendo. Le contesto más tarde.',
    'Gracias por comunicarse con nosotros. Responda ALTO para cancelar',
    'Respuesta automática: fuera de la oficina',
    'Je conduis. Je vous répondrai plus tard.',
    '[Auto-Reply] 我正在开车',
  ])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });
});

describe('what repeats our own text is nobody’s wish, what stands beside it is:', () => {
  test.each([
    [`> ${ours}\nSTOP`, [{ kind: 'stop' }]],
    [`STOP “${ours}”`, [{ kind: 'stop' }]],
    [`Liked “${ours}” STOP`, [{ kind: 'stop' }]],
    [`A 4821\n\n${offered}`, [{ kind: 'accept', code: '4821' }]],
    [`> ${offered}\n\nd 4821`, [{ kind: 'decline', code: '4821' }]],
    [`Who is this? “${ours}”`, [{ kind: 'unclear' }]],
    [ours, [{ kind: 'unclear' }]],
  ] as const)('%j', (text, meanings) => {
    expect(readReply(text)).toEqual(meanings);
  });
});

test.each([
  '',
  'who is this',
  'Liked it',
  'I can’t come',
  'end of the month',
  'don’t stop',
  'can you stop by my office',
  'My kidney hurts',
  '😀',
])('%j is unclear', (text) => {
  expect(readReply(text)).toEqual([{ kind: 'unclear' }]);
});

test.each([
  'stop ',
  'stop, ',
  'a 4821 ',
  '“',
  '"help on demand ',
  'removed a like from “',
  'reply stop ',
  'opt out ',
  'no ',
  '48 ',
  '> \n',
  'o',
])('eight times as much of %j takes about eight times as long', (piece) => {
  const took = (length: number) => {
    const text = piece.repeat(length / piece.length);
    const tries = [1, 2, 3].map(() => {
      const began = performance.now();
      readReply(text);
      return performance.now() - began;
    });
    return Math.min(...tries);
  };
  took(16_000);
  // what grows with the square of the length takes sixty-four times as long
  expect(took(128_000)).toBeLessThan(32 * Math.max(took(16_000), 8));
});
