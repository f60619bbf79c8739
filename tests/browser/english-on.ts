import type { Page } from 'playwright-core';
import { catalogs } from '../../domain/text/catalog.ts';
import { createTextLoader } from '../../portal/src/words/words.ts';
import { textsIn } from '../portal/words.ts';

/** Words of almost every English sentence that Spanish does not have. */
const english = /\b(the|you|your|we|and|of|is|are|for|with|this|please|not|to|what|when|how)\b/i;

const load = createTextLoader({ awaited: (loading) => loading });
const textsOf = async (language: 'en' | 'es') => {
  const readers = await Promise.all([load(`consumers-${language}`), load(`agents-${language}`)]);
  const words = readers.map((texts) => texts.words);
  return [...words, catalogs[language]].flatMap(textsOfTree);
};
const textsOfTree = (tree: object) => textsIn(tree).map(([, text]) => text);
const spanish = new Set(await textsOf('es'));
/** Texts of the pages and the catalog that only English has: short labels cannot be recognized otherwise. */
const onlyEnglish = new Set((await textsOf('en')).filter((text) => !spanish.has(text)));

/** English texts of a page, also those for screen readers, without those marked as English. */
export async function englishOn(page: Page): Promise<string[]> {
  const texts = await textsOn(page);
  return texts
    .map((text) => text.replaceAll(/https?:\S+/g, ''))
    .filter((text) => english.test(text) || onlyEnglish.has(text));
}

function textsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isForeign = (element: Element | null) => element?.closest('[lang="en"]') !== null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [document.title];
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode;
      if (!isForeign(parentElement) && !parentElement?.closest('script, style, noscript'))
        found.push(textContent ?? '');
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      for (const element of document.querySelectorAll(`[${name}]`))
        if (!isForeign(element)) found.push(element.getAttribute(name) ?? '');
    return found.map((text) => text.trim()).filter((text) => text !== '');
  });
}
