import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * Opens a browser that needs no system packages. The package's own flags are left out, because they are for cloud
 * functions: they run all pages in one process, which ends with the first page, and turn off web security.
 */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
}
