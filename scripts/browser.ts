import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * A browser that needs nothing from the system. The package's own flags are left out: they are for functions in a
 * cloud, put all pages into one process, which ends with the first of them, and switch web security off.
 */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
}
