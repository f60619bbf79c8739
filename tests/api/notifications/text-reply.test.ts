import { describe, expect, test } from '@jest/globals';
import { readReply } from '../../../domain/notifications/read-reply.ts';
import { catalogs } from '../../../domain/text/catalog.ts';

const stopWords = ['stop', 'quit', 'end', 'revoke', 'opt out', 'optout', 'cancel', 'unsubscribe', 'stopall'];

describe.each(stopWords)('"%s" ends texts', (word) => {
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
])('%j clearly asks to stop', (text) => {
  expect(readReply(text)).toEqual([{ kind: 'stop' }]);
});

test.each([
  'start',
  'START',
  ' Unstop. ',
  'yes',
  'Yes!',
  'start again',
  'YES START',
  'ok start',
  'Start texting',
  'Please start texting me again',
  'Start over',
  'Can you start sending me texts again?',
])('%j starts texts again', (text) => {
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
  ['A 4821 no problem', 'accept'],
  ['No problem, A 4821', 'accept'],
  ['Acepto 4821, no hay problema', 'accept'],
  ['A 4821 4821', 'accept'],
  ['A 4821. Who is it?', 'accept'],
  // digits and letters of other scripts, as their keyboards enter them
  ['A ٤٨٢١', 'accept'],
  ['A ۴۸۲۱', 'accept'],
  ['D ४८२१', 'decline'],
  ['Ａ４８２１', 'accept'],
  ['Α4821', 'accept'],
  ['А4821', 'accept'],
  ['А 4821', 'accept'],
  ['ΑССЕРТ 4821', 'accept'],
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
    ...[
      ...stopWords,
      'stop all',
      'baja',
      'cancelar',
      'parar',
      'alto',
      'I want to opt out',
      'dame de baja',
    ].flatMap((words) => [
      [`D 1234 ${words}`, 'decline'],
      [`A 1234, ${words.toUpperCase()}!`, 'accept'],
      [`${words} D 1234`, 'decline'],
    ]),
    ['D1234STOP', 'decline'],
    ['A1234stop', 'accept'],
    ['STOPD1234', 'decline'],
    ['D 1234UNSUBSCRIBE', 'decline'],
    ['D 1234, can you stop texting me?', 'decline'],
  ])('%j answers and stops', (text, kind) => {
    expect(readReply(text)).toEqual([{ kind, code: '1234' }, { kind: 'stop' }]);
  });

  test('two offers are answered, each by its code', () => {
    expect(readReply('A 4821 D 1234')).toEqual([
      { kind: 'accept', code: '4821' },
      { kind: 'decline', code: '1234' },
    ]);
  });

  test('yes starts texts again, and may be an answer to an offer', () => {
    expect(readReply('Yes!')).toEqual([{ kind: 'start' }, { kind: 'attempt', isSure: false }]);
  });
});

describe('a clear attempt to answer that cannot be read as an answer', () => {
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
    'A 4821?',
    'A4821??',
    'do I accept 4821?',
    'Should I accept 4821',
    'how do I accept 4821',
    '¿Acepto 4821?',
    '¿Puedo aceptar 4821?',
    'A 4821, what is their name and when would it be best for me to call them?',
    'D 4821?',
    'A 4821؟',
    'A 1234-5678',
    'a 1234 5678',
    'A 12345678',
    'a1234-5678',
    'A 1234 567',
  ])('%j can only be about an offer', (text) => {
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
  'Help On Demand: we have your request and are looking for an agent. See where it stands: https://help.example/status/1#A4821 Reply STOP to end texts, HELP for help. Message and data rates may apply.';
const offered =
  'Help On Demand: new referral in 85004 Phoenix, AZ. English; New coverage. Reply A 4821 to accept or D 4821 to decline by 10:15 AM MST, or open https://help.example/offer/1#token';

describe('a reaction to one of our texts is not a reply:', () => {
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
    // a phone in a language that the service does not know
    'Tykkäsi tästä',
  ];
  test.each(words)('"%s"', (word) => {
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

describe('an automatic answer is not a reply:', () => {
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
    'Thank you for your message. To opt out, reply STOP',
    'Thanks for texting us! You can unsubscribe at any time by replying STOP.',
    'Thanks for texting! Reply 1 for hours, 2 for directions, STOP to opt out.',
    'Thank you for contacting us. In an emergency do not text this number but call 911.',
    'Thanks for reaching out. Please don’t send sensitive information by text.',
    'Thank you for contacting Acme. We are closed. Stop by tomorrow!',
    'I am driving. I don’t text and drive. I’ll answer when I stop.',
    'I am driving and will text you as soon as I can stop',
    'Thank you for contacting us. You have been unsubscribed. You will receive no more texts',
    'Gracias por escribir. Para darse de baja, responda BAJA',
    'Gracias por su mensaje. No envíe datos personales.',
  ])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });
});

describe('a person whose text begins like an automatic answer still asks to stop:', () => {
  test.each([
    'Thanks for your message but please remove me from your list',
    'I’m driving right now. Stop texting me',
    'I am driving, stop texting me',
    'Thank you for your message, do not text me again',
    'thank you for reaching out. please take me off your list',
    'Gracias por su mensaje, no me envie mas',
    'gracias por escribir, no quiero mensajes',
    'Gracias por contactar, deje de escribirme',
    'Thanks for texting. Unsubscribe me please',
    'Thank you for contacting me. I want to opt out of texts',
    'Thanks for reaching out. No more texts',
    'Thanks for your message, lose my number',
    'Out of office. Leave me alone',
    'Gracias por contactar, quíteme de la lista',
    'Thanks for your message, you can stop texting me',
    'Thank you for your message, you can remove me',
    'Thanks for reaching out, please discontinue texts',
    'Thank you for your message. I don’t want any more messages',
    'Thank you for contacting me. I no longer want texts',
    'Thanks for texting, I do not wish to receive texts',
    'Thank you for texting. I’d like to be removed from the list',
    'Thanks for your message, please remove this number',
    'Thank you for your message. I revoke my consent',
    'I’m driving. Don’t ever message me again',
    'Thank you for contacting Acme. Reply STOP to unsubscribe.\nStop texting me',
  ])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'stop' }]);
  });

  test.each([
    'Thank you for your message. Please do not text this number.',
    'Thanks for reaching out, I’m not interested',
  ])('%j can be from a person or a machine: ops see it', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'unclear' }]);
  });

  test.each(['😡 “stop texting me”', '👎 "remove me"', '🛑 "STOP"', '🛑 «stop»', '😡😡 please “stop”'])(
    '%j, after an emoji',
    (text) => {
      expect(readReply(text)).toEqual([{ kind: 'stop' }]);
    },
  );

  test('an emoji before a long quotation without a request is a reaction', () => {
    const long = 'the consumer in 85004 Phoenix is waiting to hear from you. Get in touch by 10:15 AM';
    expect(readReply(`👍 “${long}”`)).toEqual([{ kind: 'automatic' }]);
    expect(readReply(`😡 “${long} no, stop texting me”`)).toEqual([{ kind: 'stop' }]);
  });
});

describe('our own text without anything else is not a reply:', () => {
  test.each([ours, offered, ` ${offered}\n`, ours.toUpperCase()])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });

  test.each([
    ...Object.values(catalogs.en.textAnswer),
    ...Object.values(catalogs.es.textAnswer),
    catalogs.en.howToAnswer('4821'),
    catalogs.es.howToAnswer('4821'),
    ...[catalogs.en, catalogs.es].map(({ text }) =>
      text['offer-over'](
        { zip: '85004', city: 'Phoenix', state: 'AZ', inboxUrl: 'https://a.example/inbox' } as never,
        {} as never,
      ),
    ),
  ])('%j', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });

  test.each([
    `Liked ‘${ours}’`,
    `Vond ‘${offered}’ leuk`,
    `Liked '${offered}'`,
    `Gustó ‘…Reply STOP to end texts…’`,
    `👍 to ‘${ours}’`,
    `Liked ‘${ours.slice(0, 120)}`,
  ])('%j, in single quotation marks', (text) => {
    expect(readReply(text)).toEqual([{ kind: 'automatic' }]);
  });
});

describe('our own text in a reply is ignored, and the rest is read:', () => {
  test.each([
    [`> ${ours}\nSTOP`, [{ kind: 'stop' }]],
    [`STOP “${ours}”`, [{ kind: 'stop' }]],
    [`Liked “${ours}” STOP`, [{ kind: 'stop' }]],
    [`A 4821\n\n${offered}`, [{ kind: 'accept', code: '4821' }]],
    [`> ${offered}\n\nd 4821`, [{ kind: 'decline', code: '4821' }]],
    [`Who is this? “${ours}”`, [{ kind: 'unclear' }]],
    [`${offered} STOP`, [{ kind: 'stop' }]],
    [`${offered}\nA 4821`, [{ kind: 'accept', code: '4821' }]],
    [`${ours} Who is this?`, [{ kind: 'unclear' }]],
    [`STOP ‘${ours}’`, [{ kind: 'stop' }]],
    [`“${ours}” don’t text me`, [{ kind: 'stop' }]],
    [`Liked ‘${ours}’ don’t text me`, [{ kind: 'stop' }]],
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
  '‘help on demand ',
  'thank you for your message, do not ',
  'thanks for texting. stop by ',
  'a 4821? ',
  'do i ',
  'start ',
  '4821stop ',
  '!?',
  '٤',
])('%j is read, repeated to the longest text and with another end', (piece) => {
  // longer ones are cut before they are read: `tests/api/http/bounds.test.ts`
  const text = piece.repeat(1_600 / piece.length);
  for (const end of ['', '!', '1', 'z']) expect(readReply(text + end)).not.toEqual([]);
});
