import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Visit, visit } from './browser.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
}, 120_000);
afterAll(() => stack.close());

/** 3G as WebPageTest plays it (https://docs.webpagetest.org/throttling/): 1.6 and 0.77 Mbit/s, 300 ms there and back. */
const network3g = {
  offline: false,
  latency: 300,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 768_000 / 8,
};

async function openOver3g(path: string): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, { phone: true });
  const session = await opened.page.context().newCDPSession(opened.page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', network3g);
  await opened.page.goto(path, { waitUntil: 'commit' });
  return opened;
}

/** Seconds from the start of the navigation to the first paint of anything to read. */
const firstPaint = (page: Page) =>
  page.evaluate(() => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    return (entry?.startTime ?? Number.NaN) / 1_000;
  });
const sinceStart = (page: Page) => page.evaluate(() => performance.now() / 1_000);

test('over 3G the form for help can be read within 3 seconds, and filled in within 6', async () => {
  const { page, faults, close } = await openOver3g('/help');
  await page.getByLabel('ZIP code').fill('85004');
  const usable = await sinceStart(page);
  expect(await firstPaint(page)).toBeLessThan(3);
  expect(usable).toBeLessThan(6);
  await page.getByText('Phoenix, Arizona').waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('what the page is for, and whom else to call, can be read in both languages before its script has arrived', async () => {
  const { page, close } = await visit(stack.browser, stack.apiUrl, { phone: true, locale: 'es-US' });
  let goOn = () => undefined as void;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/assets/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/help', { waitUntil: 'commit' });
  await page.getByRole('heading', { level: 1, name: 'Ask for help with health coverage' }).waitFor();
  await page.getByText('También puede llamar al Centro de Llamadas del Mercado').waitFor();
  const call = page.getByRole('link', { name: '1-800-318-2596' }).first();
  expect(await call.getAttribute('href')).toBe('tel:+18003182596');
  goOn();
  await page.getByRole('heading', { level: 1, name: 'Pida ayuda con la cobertura médica' }).waitFor();
  await page.getByLabel('Código postal').waitFor();
  await close();
});
