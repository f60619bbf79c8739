import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createHelpDraft } from '../../portal/src/pages/consumer/help/help-draft.ts';
import { emptyHelp } from '../../portal/src/pages/consumer/help/to-help-request.ts';

const { consent: _, textConsent: __, language: ___, ...nothing } = emptyHelp;
const typed = { ...nothing, name: 'Ana Reyes', zip: '84101' };
const halfAnHour = 30 * 60_000;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

function tab() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test('what a consumer typed is there again after a reload, until it was sent or cleared', () => {
  const storage = tab();
  createHelpDraft(() => storage).save(typed);
  const draft = createHelpDraft(() => storage);
  expect(draft.read()).toEqual(typed);
  draft.remove();
  expect([draft.read(), storage.kept.size]).toEqual([undefined, 0]);
});

test('half an hour after the last change nothing is left of it, with the page open or closed', () => {
  const open = tab();
  createHelpDraft(() => open).save(typed);
  jest.advanceTimersByTime(halfAnHour - 1);
  expect(open.kept.size).toBe(1);
  jest.advanceTimersByTime(1);
  expect(open.kept.size).toBe(0);

  const closed = tab();
  closed.setItem('help', JSON.stringify({ at: Date.now() - halfAnHour, values: typed }));
  createHelpDraft(() => closed);
  expect(closed.kept.size).toBe(0);

  const reopened = tab();
  reopened.setItem('help', JSON.stringify({ at: Date.now() - halfAnHour + 1_000, values: typed }));
  expect(createHelpDraft(() => reopened).read()).toEqual(typed);
  jest.advanceTimersByTime(1_000);
  expect(reopened.kept.size).toBe(0);
});

test('where the browser allows no storage, or something else is stored there, the form works without', () => {
  const draft = createHelpDraft(() => {
    throw new Error('The browser allows no storage here');
  });
  draft.save(typed);
  draft.remove();
  expect(draft.read()).toBeUndefined();
  const storage = tab();
  storage.setItem('help', '{"half');
  expect(createHelpDraft(() => storage).read()).toBeUndefined();
  expect(storage.kept.size).toBe(0);
});
