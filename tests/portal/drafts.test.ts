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

describe('unsaved input', () => {
  test('is available after a log-in, form by form, until it is saved', () => {
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

  test('belongs to one account: another does not see it, and its log-in deletes it', () => {
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

  test('that must not be saved is marked as lost, and does not count as unsaved input', () => {
    const drafts = createDrafts(() => storage);
    const storage = tab();
    drafts.save('ada', 'outcome', null);
    expect([drafts.read('ada', 'outcome'), drafts.hasAny()]).toEqual([null, false]);
  });

  test('ends after twelve hours, like a log-in', () => {
    const [storage, clock] = [tab(), { now: 0 }];
    const drafts = createDrafts(
      () => storage,
      () => clock.now,
    );
    drafts.save('ada', 'profile', {});
    clock.now = 12 * 60 * 60 * 1000;
    expect([drafts.read('ada', 'profile'), drafts.hasAny()]).toEqual([undefined, false]);
  });

  test('causes no error where the browser allows no storage, or something else is stored there', () => {
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
/** Any element that a person fills in: of React, the design system or our own fields. */
const inputElement =
  /<(form|input|select|textarea|TextField|TextInput|PasswordInput|Choice|Choices|ChoiceList|Checkbox|Select|ReasonList|SingleInputDateField|Dialog)\b|role="switch"/;
const declaresDraft = /\b(useApiForm|useDraftState|useHelpForm)\b/;

describe('every form declares which of its input outlives a log-in', () => {
  /** Components that only show fields: the form that uses them has the input. */
  const partsOfForms = new Set([
    'form/fields.tsx',
    'form/password-input.tsx',
    'form/filter-list.tsx',
    'form/reason-list.tsx',
    'pages/agent/register/account-fields.tsx',
    'pages/agent/register/new-password-field.tsx',
    'pages/agent/register/contact-fields.tsx',
    'pages/agent/profile/state-fields.tsx',
    'pages/agent/availability/day-fields.tsx',
    'pages/agent/inbox/decline-form.tsx',
    'pages/consumer/help/text-consent.tsx',
    'pages/consumer/help/more-wishes.tsx',
    'pages/ops/reason-dialog.tsx',
    'pages/ops/action-dialog.tsx',
    'pages/ops/accounts/admin-fields.tsx',
  ]);
  /** Forms whose input is stored elsewhere or has no log-in. */
  const exceptions = new Map([
    ['layout/access/password-question.tsx', 'a password and a code, which are asked for again'],
    ['pages/agent/record/history-filter-form.tsx', 'in the page’s address, to which the log-in returns'],
    ['pages/agent/record/figures-of-state.tsx', 'in the page’s address, to which the log-in returns'],
    ['pages/ops/board-filter-form.tsx', 'in the page’s address, to which the log-in returns'],
    ['pages/consumer/status/about-agent.tsx', 'of consumers, who have no log-in'],
  ]);

  test.each(components.filter(({ text }) => inputElement.test(text)))('$path', ({ path, text }) => {
    expect(declaresDraft.test(text) || partsOfForms.has(path) || exceptions.has(path)).toBe(true);
  });

  test.each([...partsOfForms])('%s has no input of its own', (path) => {
    const { text } = components.find((component) => component.path === path) ?? { text: '' };
    expect(text).toMatch(inputElement);
    // flags for missing or visible fields are no input
    const states = [...text.matchAll(/const \[(\w+), \w+\] = useState/g)].map(([, name]) => name);
    expect(states.filter((name) => !['missed', 'tried', 'isShown', 'isLeft'].includes(name ?? ''))).toEqual(
      [],
    );
  });

  test('no input of a consumer, no password and no code is saved for the next log-in', () => {
    const rules = components.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /(?:draft:|useDraftState(?:<[^(]*>)?\()\s*(\{ (?:kept|lost): [^}]+\}|'logged-out')/g,
        ),
      ].map(([, rule]) => [path, rule?.replaceAll(/\s+/g, ' ')]),
    );
    const kept = rules.filter(([, rule]) => rule?.startsWith('{ kept'));
    expect(kept.map(([path]) => path).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'pages/account/departure.tsx',
      'pages/account/security/passkeys.tsx',
      'pages/account/security/passkeys.tsx',
      'pages/agent/availability/absence-list.tsx',
      'pages/agent/availability/availability-switch.tsx',
      'pages/agent/availability/hours-form.tsx',
      'pages/agent/inbox/offer-card.tsx',
      'pages/agent/onboarding/terms-form.tsx',
      'pages/agent/profile/profile-form.tsx',
      'pages/ops/accounts/accounts-page.tsx',
      'pages/ops/agent-actions.tsx',
      'pages/ops/factor-reset.tsx',
      'pages/ops/find-agent.tsx',
    ]);
    const lost = rules.filter(([, rule]) => rule?.startsWith('{ lost')).map(([path]) => path);
    expect(lost.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'pages/account/password/change-password-form.tsx',
      'pages/account/security/new-app.tsx',
      'pages/agent/inbox/attempt-form.tsx',
      'pages/agent/inbox/notes.tsx',
      'pages/agent/inbox/outcome-form.tsx',
      'pages/agent/phone/code-form.tsx',
      'pages/ops/contact-page.tsx',
      'pages/ops/waiting.tsx',
    ]);
  });
});
