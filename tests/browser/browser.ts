import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';

/** A person's browser window: what went wrong in it is kept. */
export interface Visit {
  page: Page;
  /** Violations of the Content-Security-Policy, uncaught errors, and requests to anywhere else. */
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
    // the browser itself writes a line for each answer that is no success; those are the pages' business
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      faults.push(line.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(baseURL).origin) faults.push(`asked ${request.url()}`);
  });
  return { page, faults, close: () => context.close() };
}

/** What axe finds wrong with a page as it stands: the rule and where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** By how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
