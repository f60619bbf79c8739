import { expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { createLog } from '../../../runtime/log.ts';
import { findMarks, textOf } from './marks.ts';

const marks = ['Zarkwood', '+16025550161', '85016', 'Vx9!Zark-Secret8'];
const marksIn = (text: string) => findMarks(marks, [{ where: 'here', text }]).map(({ mark }) => mark);

test('a mark in a log line is found', () => {
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line) => void lines.push(line) } });
  log.warn({ npn: '7' }, 'Nobody answers at Zarkwood');
  expect(marksIn(lines.join(''))).toEqual(['Zarkwood']);
});

test('a mark in a payload of a history is found at any depth of its bytes', () => {
  const data = new TextEncoder().encode(JSON.stringify({ zip: '85016', who: 'Mr. ZARKWOOD' }));
  const { HistoryEvent } = temporal.api.history.v1;
  const event = HistoryEvent.decode(
    HistoryEvent.encode(
      HistoryEvent.create({ activityTaskScheduledEventAttributes: { input: { payloads: [{ data }] } } }),
    ).finish(),
  );
  expect(marksIn(textOf({ events: [event] }))).toEqual(['Zarkwood', '85016']);
});

test('a mark in a failure’s details or stack is found', () => {
  const details = { payloads: [{ data: Buffer.from('"Vx9!Zark-Secret8"') }] };
  expect(marksIn(textOf({ failure: { applicationFailureInfo: { details } } }))).toEqual(['Vx9!Zark-Secret8']);
});

test('a phone number is found in every spelling, a ZIP only as a separate number', () => {
  for (const text of ['+16025550161', '(602) 555-0161', '602.555.0161', '16025550161'])
    expect(marksIn(text)).toEqual(['+16025550161']);
  expect(marksIn('"zip":"85016"')).toEqual(['85016']);
  expect(marksIn('0199f2b4-7c1e-7a55-9d0c-5b1f85016c11 12:04:05.085016 1085016')).toEqual([]);
});
