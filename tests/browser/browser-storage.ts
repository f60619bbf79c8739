import type { Page } from 'playwright-core';
import type { StoredText } from '../contract/privacy/marks.ts';

/** Reads everything that a browser stores of a page's origin: the tab's storage and the origin's, databases, and caches. */
export function storedInBrowser(page: Page): Promise<StoredText[]> {
  return page.evaluate(async () => {
    const texts = [
      { where: 'sessionStorage', text: JSON.stringify(Object.entries(sessionStorage)) },
      { where: 'localStorage', text: JSON.stringify(Object.entries(localStorage)) },
    ];
    const answerOf = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await answerOf(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = await answerOf(database.transaction(store).objectStore(store).getAll());
        texts.push({ where: `indexedDB ${name}.${store}`, text: JSON.stringify(rows) });
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        texts.push({ where: `cache ${name}`, text: `${request.url} ${await answer?.text()}` });
      }
    }
    return texts;
  });
}

/** Stores a text in each of these places, as a page that must not could. */
export function storeEverywhere(page: Page, text: string): Promise<void> {
  return page.evaluate(async (planted) => {
    sessionStorage.setItem('planted', planted);
    localStorage.setItem('planted', planted);
    await (await caches.open('planted')).put('/planted', new Response(planted));
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('planted', 1);
      opening.addEventListener('upgradeneeded', () =>
        opening.result.createObjectStore('planted').put(planted, 'planted'),
      );
      opening.addEventListener('success', () => {
        opening.result.close();
        resolve();
      });
      opening.addEventListener('error', () => reject(opening.error));
    });
  }, text);
}
