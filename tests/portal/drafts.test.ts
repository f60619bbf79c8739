import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { createDrafts } from '../../portal/src/form/drafts.ts';

function tab() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('what was typed and not saved', () => {
  test('is there after a log-in, form by form, until it is saved', () => {
    const storage = tab();
    createDrafts(() => storage).save('ada', 'profile', { zip: '84101' });
    const drafts = createDrafts(() => storage);
    drafts.removeOthers('ada');
    drafts.save('ada', 'absence', { from: '2026-12-24' });
    expect([drafts.read('ada', 'profile'), drafts.read('ada', 'absence'), drafts.hasAny()]).toEqual([
      { zip: '84101' },
      { from: '2026-12-24' },
      true,
    ]);
    drafts.remove('ada', 'profile');
    expect([drafts.read('ada', 'profile'), drafts.read('ada', 'absence')]).toEqual([
      undefined,
      { from: '2026-12-24' },
    ]);
    drafts.remove('ada', 'absence');
    expect([storage.kept.size, drafts.hasAny()]).toEqual([0, false]);
  });

  test('is nobody else’s: another account does not see it, and gets rid of it', () => {
    const storage = tab();
    const drafts = createDrafts(() => storage);
    drafts.save('ada', 'profile', { zip: '84101' });
    expect(drafts.read('ben', 'profile')).toBeUndefined();
    drafts.remove('ben', 'profile');
    drafts.removeOthers('ben');
    expect([storage.kept.size, drafts.read('ada', 'profile')]).toEqual([0, undefined]);
    drafts.save('ada', 'profile', { zip: '84101' });
    drafts.save('ben', 'absence', {});
    expect(drafts.read('ada', 'profile')).toBeUndefined();
    drafts.clear();
    expect(storage.kept.size).toBe(0);
  });

  test('that is not kept is known to be lost, and is nothing that waits', () => {
    const drafts = createDrafts(() => storage);
    const storage = tab();
    drafts.save('ada', 'outcome', null);
    expect([drafts.read('ada', 'outcome'), drafts.hasAny()]).toEqual([null, false]);
  });

  test('outlives no log-in: after twelve hours it is gone', () => {
    const [storage, clock] = [tab(), { now: 0 }];
    const drafts = createDrafts(
      () => storage,
      () => clock.now,
    );
    drafts.save('ada', 'profile', {});
    clock.now = 12 * 60 * 60 * 1000;
    expect([drafts.read('ada', 'profile'), drafts.hasAny()]).toEqual([undefined, false]);
  });

  test('costs nothing where the browser allows no storage, or something else stands there', () => {
    const drafts = createDrafts(() => {
      throw new Error('The browser allows no storage here');
    });
    drafts.save('ada', 'profile', {});
    drafts.removeOthers('ada');
    drafts.clear();
    expect([drafts.read('ada', 'profile'), drafts.hasAny()]).toEqual([undefined, false]);
    const storage = tab();
    storage.setItem('drafts', '{"half');
    expect(createDrafts(() => storage).read('ada', 'profile')).toBeUndefined();
  });
});

const sources = fileURLToPath(new URL('../../portal/src/', import.meta.url));
const components = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tsx'))
  .map((path) => ({ path, text: readFileSync(`${sources}${path}`, 'utf8') }));
/** Something that a person fills in, in any way that React, the design system or our own fields have. */
const fillsIn =
  /<(form|input|select|textarea|TextField|TextInput|Choice|Choices|ChoiceList|Checkbox|Select|ReasonList|SingleInputDateField|Dialog)\b|role="switch"/;
const decides = /\b(useApiForm|useDraftState)\b/;

describe('every form decides what of it outlives a log-in', () => {
  /** What only shows fields: whoever uses it holds what is typed, or nothing can be typed. */
  const partsOfForms = new Set([
    'form/fields.tsx',
    'form/reason-list.tsx',
    'pages/agent/register/account-fields.tsx',
    'pages/agent/register/contact-fields.tsx',
    'pages/agent/profile/state-fields.tsx',
    'pages/agent/availability/day-fields.tsx',
    'pages/agent/inbox/decline-form.tsx',
    'pages/consumer/help/text-consent.tsx',
    'pages/ops/reason-dialog.tsx',
    'pages/ops/action-dialog.tsx',
  ]);
  /** What it holds is elsewhere already. */
  const otherwise = new Map([
    ['pages/ops/board-filter-form.tsx', 'in the page’s address, which the log-in comes back to'],
    ['pages/consumer/status/about-agent.tsx', 'a consumer’s, who has no log-in'],
  ]);

  test.each(components.filter(({ text }) => fillsIn.test(text)))('$path', ({ path, text }) => {
    expect(decides.test(text) || partsOfForms.has(path) || otherwise.has(path)).toBe(true);
  });

  test.each([...partsOfForms])('%s holds nothing that was typed', (path) => {
    const { text } = components.find((component) => component.path === path) ?? { text: '' };
    expect(text).toMatch(fillsIn);
    // whether something was missed, or is shown, is nothing that was typed
    const held = [...text.matchAll(/const \[(\w+), \w+\] = useState/g)].map(([, name]) => name);
    expect(held.filter((name) => !['missed', 'tried', 'showsPassword'].includes(name ?? ''))).toEqual([]);
  });

  test('none of a consumer’s, no password and no code is kept', () => {
    const rules = components.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /(?:draft:|useDraftState(?:<[^(]*>)?\()\s*(\{ (?:kept|lost): [^}]+\}|'logged-out')/g,
        ),
      ].map(([, rule]) => [path, rule?.replaceAll(/\s+/g, ' ')]),
    );
    const kept = rules.filter(([, rule]) => rule?.startsWith('{ kept'));
    expect(kept.map(([path]) => path).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'pages/agent/availability/absence-list.tsx',
      'pages/agent/availability/availability-switch.tsx',
      'pages/agent/availability/hours-form.tsx',
      'pages/agent/inbox/offer-card.tsx',
      'pages/agent/onboarding/terms-form.tsx',
      'pages/agent/profile/departure-form.tsx',
      'pages/agent/profile/profile-form.tsx',
      'pages/ops/agent-actions.tsx',
      'pages/ops/find-agent.tsx',
    ]);
    const lost = rules.filter(([, rule]) => rule?.startsWith('{ lost')).map(([path]) => path);
    expect(lost.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'pages/agent/inbox/outcome-form.tsx',
      'pages/agent/phone/code-form.tsx',
      'pages/ops/waiting.tsx',
    ]);
  });
});
