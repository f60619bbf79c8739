import { expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { timerDelaysOf } from '../../bench/open/timer-delays.ts';

const event = (eventId: number, ms: number, attributes: object) =>
  proto.temporal.api.history.v1.HistoryEvent.fromObject({
    eventId,
    eventTime: { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 },
    ...attributes,
  });
const set = (eventId: number, ms: number, seconds: number) =>
  event(eventId, ms, { timerStartedEventAttributes: { startToFireTimeout: { seconds } } });
const fired = (eventId: number, ms: number, startedEventId: number) =>
  event(eventId, ms, { timerFiredEventAttributes: { startedEventId } });

test('a timer is late by what it fires after its duration', () => {
  expect(timerDelaysOf([set(5, 1_000, 30), fired(6, 31_250, 5)])).toEqual([250]);
});

test('each timer is compared with its own duration, and one that was canceled with none', () => {
  const canceled = event(7, 3_000, { timerCanceledEventAttributes: { startedEventId: 5 } });
  const events = [set(5, 1_000, 30), set(6, 2_000, 10), canceled, fired(8, 12_040, 6)];
  expect(timerDelaysOf(events)).toEqual([40]);
});
