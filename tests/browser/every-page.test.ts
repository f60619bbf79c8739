import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { notGovernment } from '../../domain/text/not-government.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import { accessibilityFaults, overflow, type Visit, visit } from './browser.ts';
import { makeSubjects, type PageState, pageStates, type Subjects } from './page-states.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
let subjects: Subjects;
beforeAll(async () => {
  stack = await startPortalStack();
  subjects = await makeSubjects(stack);
}, 120_000);
afterAll(() => stack.close());

/** Folder of the pictures, which the repository does not keep. */
const pictures = fileURLToPath(new URL('../../docs/screenshots/pages', import.meta.url));
const sizes = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 900 } };
const states = Object.values(pageStates).flat();

async function open(state: PageState, options: { narrow?: boolean } = {}): Promise<Visit> {
  const visited = await visit(stack.browser, stack.apiUrl, options);
  const { page } = visited;
  if (state.as) {
    const [name = '', value = ''] = subjects.cookies[state.as].split('=');
    await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  }
  await page.goto(typeof state.at === 'string' ? state.at : state.at(subjects));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await state.then?.(page);
  await page.getByRole('main').getByText(state.shows).first().waitFor();
  return visited;
}

const mainPages = [
  'start',
  'log in',
  'help',
  'status, agents are asked',
  'offer by link',
  'checklist',
  'inbox',
  'ops',
];

// before what changes the states
describe.each(
  states.filter(({ name }) => mainPages.includes(name)).map((state) => [state.name, state] as const),
)('%s', (_name, state) => {
  test('is for a screen reader what it was when somebody last read it', async () => {
    const { page, close } = await open(state);
    expect(await untilRead(page)).toMatchSnapshot();
    await close();
  });
});

/**
 * What a screen reader goes through a page by, once nothing more arrives: landmarks, headings, links, buttons and fields. Rows,
 * options and what differs by the day and the hour are left out.
 */
async function untilRead(page: Page): Promise<string> {
  let [before, read] = ['', await page.locator('body').ariaSnapshot()];
  while (read !== before || /Loading/.test(read)) {
    await page.waitForTimeout(300);
    [before, read] = [read, await page.locator('body').ariaSnapshot()];
  }
  const lines = read
    .split('\n')
    .filter((line) => steps.test(line))
    .map((line) =>
      line
        .replace(/:$/, '')
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
        .replaceAll(/\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d+(, \d{4})?, /g, '')
        .replaceAll(/\d+:\d+ [AP]M( [A-Z]{2,3}T)?/g, 'TIME')
        .replaceAll(/\d+/g, '0'),
    );
  return lines.filter((line, n) => line !== lines[n - 1]).join('\n');
}
const steps =
  /^ *- '?(alert|banner|button|checkbox|combobox|contentinfo|dialog|form|group|heading|link|main|navigation|radio|radiogroup|region|searchbox|status|switch|table|textbox|timer)\b/;

/** Keeps a picture of the page to be looked at, as much of it as somebody would. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const [width, height] = await page.evaluate(
    () => [innerWidth, document.documentElement.scrollHeight] as const,
  );
  const clip = { x: 0, y: 0, width, height: Math.min(height, 5_000) };
  const path = join(pictures, `${name}.jpg`);
  await page.screenshot({ path, clip, fullPage: true, type: 'jpeg', quality: 60 });
}

/** Kilobytes of JavaScript, gzipped, that the first load of a page may need. */
const limitsKb = new Map<PageState | undefined, number>([
  [pageStates['/'][0], 120],
  [pageStates['/help'][0], 150],
  [pageStates['/status/:id'][0], 232],
  [pageStates['/login'][0], 225],
  [pageStates['/offer/:id'][0], 200],
  [pageStates['/onboarding'][0], 215],
  [pageStates['/inbox'][1], 200],
  [pageStates['/ops'][0], 225],
]);

describe.each(states.map((state) => [state.name, state] as const))('%s', (_name, state) => {
  let visited: Visit;
  let scripts: string[];
  beforeAll(async () => {
    visited = await open(state, { narrow: true });
    scripts = await scriptsOf(visited.page);
  });
  afterAll(() => visited.close());

  // one visit for all: a page is laid out anew, and does not begin anew, when its window changes
  test.each([
    ['a phone', sizes.phone],
    ['a desktop', sizes.desktop],
  ])(
    'on %s it breaks no rule of WCAG 2.2 AA, fits, and says above all that it is not the government',
    async (sizeName, size) => {
      const { page, faults } = visited;
      await page.setViewportSize(size);
      await keepPicture(page, `${state.name}, ${sizeName}`);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await page.locator('[hidden]:visible').count()).toBe(0);
      const banner = page.getByRole('banner').getByText(notGovernment.en, { exact: true });
      await page.evaluate(() => scrollTo(0, 0));
      expect((await banner.boundingBox())?.y).toBeLessThan(20);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await page.locator(':is(h1, h2, h3, h4) .ds-c-badge').count()).toBe(0);
      expect(faults).toEqual([]);
    },
  );

  test('its text fits at twice the size', async () => {
    const { page } = visited;
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(await overflow(page)).toBe(0);
  });

  const limitKb = limitsKb.get(state);
  if (limitKb !== undefined)
    test(`its scripts are less than ${limitKb} kB`, async () => {
      const { folder } = await getSharedServer('portal');
      expect(scriptBytes(folder, scripts) / 1_000).toBeLessThan(limitKb);
    });
});

test('in forced colors the switch shows its knob, at another place when it is on', async () => {
  const { page, close } = await open(pageStates['/inbox'][1] as PageState);
  await page.emulateMedia({ forcedColors: 'active' });
  const knob = () =>
    page
      .getByRole('switch')
      .locator('.hod-switch-track')
      .evaluate((track) => {
        const [own, after] = [getComputedStyle(track), getComputedStyle(track, '::after')];
        return { isSeen: own.backgroundColor !== after.backgroundColor, left: after.left };
      });
  const on = await knob();
  await page.getByRole('switch').click();
  await page.getByRole('switch', { checked: false }).waitFor();
  const off = await knob();
  expect([on.isSeen, off.isSeen, on.left === off.left]).toEqual([true, true, false]);
  await close();
});

test('a printed page has no navigation, no buttons and no footer', async () => {
  for (const state of [pageStates['/status/:id'][1], pageStates['/onboarding'][0]] as PageState[]) {
    const { page, close } = await open(state);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('contentinfo').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    await close();
  }
});

test('on a phone the links of the header are as large as a thumb needs', async () => {
  const { page, close } = await open(pageStates['/inbox'][0], { narrow: true });
  const links = await page.getByRole('navigation').locator('a, button').all();
  for (const link of links) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await close();
});

test.each([
  ['/robots.txt', 200, /^text\/plain/],
  ['/favicon.ico', 200, /^image\//],
  ['/icon.svg', 200, /^image\/svg/],
  ['/assets/main-00000000.js', 404, /problem\+json/],
  ['/old-page.html', 404, /problem\+json/],
  ['/.well-known/nothing', 404, /problem\+json/],
  ['/.vite/manifest.json', 404, /problem\+json/],
])('the built portal answers %s with %s', async (path, status, type) => {
  const answer = await fetch(new URL(path, stack.apiUrl), { headers: { Accept: 'text/html,*/*' } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('Content-Type')).toMatch(type);
});

async function scriptsOf(page: Page): Promise<string[]> {
  const urls = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  );
  return urls.filter((path) => path.endsWith('.js'));
}

function scriptBytes(folder: string, paths: readonly string[]): number {
  return [...new Set(paths)]
    .map((path) => readFileSync(join(folder, `${path}.gz`)).length)
    .reduce((sum, bytes) => sum + bytes, 0);
}
