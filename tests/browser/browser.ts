import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';

/** A person's browser window, which records its faults. */
export interface Visit {
  page: Page;
  /** Violations of the Content-Security-Policy, uncaught errors, and requests to other origins. */
  faults: string[];
  close: () => Promise<void>;
}

/** A new person at a portal: cookies of their own. `narrow` is the smallest phone, `locale` what the browser asks for. */
export async function visit(
  browser: Browser,
  baseURL: string,
  { narrow = false, locale = 'en-US' }: { narrow?: boolean; locale?: string } = {},
): Promise<Visit> {
  const viewport = narrow ? { width: 320, height: 640 } : { width: 1280, height: 900 };
  const context = await browser.newContext({
    baseURL,
    viewport,
    locale,
    timezoneId: 'America/Denver',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (line) => {
    // the browser itself logs each failed response; the pages handle those
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      faults.push(line.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(baseURL).origin) faults.push(`requested ${request.url()}`);
  });
  return { page, faults, close: () => context.close() };
}

/** Violations that axe finds on a page: each rule and its elements. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Whether nothing has the focus, so that a keyboard or a screen reader begins at the top of the page again. */
export function isFocusLost(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement === document.body);
}

/** Pixels by which a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
