import { expect, test } from '@jest/globals';
import {
  createSavedLanguage,
  forConsumers,
  forOperations,
  pageLanguage,
  pageReaders,
} from '../../portal/src/language.ts';

test('a page is in the chosen language, else in that of the request, else in the browser’s, else in English', () => {
  const ofBrowser = ['fr-FR', 'es-MX', 'en-US'];
  const readers = 'consumers';
  expect([
    pageLanguage({ readers, chosen: 'en', ofRequest: 'es', ofBrowser }),
    pageLanguage({ readers, ofRequest: 'es', ofBrowser: ['en-US'] }),
    pageLanguage({ readers, ofRequest: 'en', ofBrowser }),
    pageLanguage({ readers, ofBrowser }),
    pageLanguage({ readers, ofBrowser: ['fr-FR'] }),
    pageLanguage({ readers, ofBrowser: [] }),
  ]).toEqual(['en', 'es', 'en', 'es', 'en', 'en']);
});

test('a language without pages is ignored, wherever it comes from', () => {
  const wanted = { chosen: 'klingon', ofRequest: 'vi', ofBrowser: ['de', 'ES'] };
  expect(pageLanguage({ readers: 'consumers', ...wanted })).toBe('es');
});

test('the pages of agents are in both languages, those of the operations team in English, whatever was chosen', () => {
  const wanted = { chosen: 'es', ofBrowser: ['es-US'] };
  expect(pageLanguage({ readers: pageReaders([undefined, undefined]), ...wanted })).toBe('es');
  expect(pageLanguage({ readers: pageReaders([undefined, forConsumers]), ...wanted })).toBe('es');
  expect(pageLanguage({ readers: pageReaders([undefined, forOperations, undefined]), ...wanted })).toBe('en');
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
