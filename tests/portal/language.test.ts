import { expect, test } from '@jest/globals';
import { createSavedLanguage, pageLanguage } from '../../portal/src/language.ts';

test('a page is in the chosen language, else in that of the request, else in the browser’s, else in English', () => {
  const ofBrowser = ['fr-FR', 'es-MX', 'en-US'];
  expect([
    pageLanguage({ chosen: 'en', ofRequest: 'es', ofBrowser }),
    pageLanguage({ ofRequest: 'es', ofBrowser: ['en-US'] }),
    pageLanguage({ ofRequest: 'en', ofBrowser }),
    pageLanguage({ ofBrowser }),
    pageLanguage({ ofBrowser: ['fr-FR'] }),
    pageLanguage({ ofBrowser: [] }),
  ]).toEqual(['en', 'es', 'en', 'es', 'en', 'en']);
});

test('a language without pages is ignored, wherever it comes from', () => {
  expect(pageLanguage({ chosen: 'klingon', ofRequest: 'vi', ofBrowser: ['de', 'ES'] })).toBe('es');
});

test('a choice is saved on the device, and where that is forbidden nothing fails', () => {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  const choice = createSavedLanguage(() => storage);
  expect(choice.read()).toBeUndefined();
  choice.save('es');
  expect([choice.read(), createSavedLanguage(() => storage).read()]).toEqual(['es', 'es']);

  const forbidden = createSavedLanguage(() => {
    throw new Error('The browser allows no storage here');
  });
  forbidden.save('es');
  expect(forbidden.read()).toBeUndefined();
});
