import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';

/** A person's browser window, which records its faults. */
export interface Visit {
  page: Page;
  /** Violations of the Content-Security-Policy, uncaught errors, requests to other origins, and a focus that was lost. */
  faults: string[];
  close: () => Promise<void>;
}

export interface VisitOptions {
  narrow?: boolean;
  phone?: boolean;
  locale?: string;
  proxy?: { server: string; bypass: string };
}

const phoneSize = { width: 390, height: 844 };

/**
 * A new person at a portal: cookies of their own. `narrow` is the smallest phone, `phone` a usual one, `locale` what the browser asks
 * for, `proxy` what stands between the browser and the portal.
 */
export async function visit(
  browser: Browser,
  baseURL: string,
  { narrow = false, phone = false, locale = 'en-US', proxy }: VisitOptions = {},
): Promise<Visit> {
  const viewport = narrow ? { width: 320, height: 640 } : phone ? phoneSize : { width: 1280, height: 900 };
  const context = await browser.newContext({
    baseURL,
    viewport,
    locale,
    timezoneId: 'America/Denver',
    ...(proxy ? { proxy } : {}),
  });
  await context.addInitScript(reportLostFocus);
  context.setDefaultTimeout(40_000);
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

/**
 * Runs in each page, and logs a fault when the element that has the focus is removed or disabled and the focus falls to the
 * body: whatever a person did, keyboard and screen reader would begin again at the top.
 */
function reportLostFocus(): void {
  let held: Element | null = null;
  let isSeen = false;
  const isUsable = (element: Element) => element.isConnected && !element.matches(':disabled');
  document.addEventListener('focusin', ({ target }) => {
    held = target as Element;
  });
  document.addEventListener('focusout', ({ target }) =>
    queueMicrotask(() => {
      if (held === target && held && isUsable(held)) held = null;
    }),
  );
  setInterval(() => {
    const isLost = held !== null && !isUsable(held) && document.activeElement === document.body;
    if (isLost && isSeen) {
      reportError(new Error(`the focus fell to the body from ${held?.outerHTML.slice(0, 200)}`));
      held = null;
    }
    isSeen = isLost;
  }, 200);
}

/**
 * Violations that axe finds on a page, WCAG 2.2 AA and its own advice: each rule and its elements. A page that stays open
 * gets axe once, and what passes is not described: both take longer than the rules.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const options: axe.RunOptions = {
    rules: { 'target-size': { enabled: true } },
    resultTypes: ['violations'],
  };
  const { violations } = await page.evaluate((given) => {
    const { axe: there } = window as unknown as { axe: { run: typeof axe.run } };
    return there.run(document, given);
  }, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** The element that has the focus: `body` if none has, which strands whoever uses a keyboard or a screen reader. */
function focusedOn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement === document.body ? 'body' : (activeElement?.textContent ?? '').trim();
  });
}

/**
 * Waits until the element with this text, or with a text that matches, has the focus. It may get it after others: an event
 * stream can tell a page of a change before the answer to the request comes that caused it.
 * @throws an error that names what has the focus instead
 */
export async function untilFocusedOn(page: Page, text: string | RegExp): Promise<void> {
  const isMeant = (focused: string) => (typeof text === 'string' ? focused === text : text.test(focused));
  await eventually(async () => {
    const focused = await focusedOn(page);
    if (!isMeant(focused)) throw new Error(`The focus is on "${focused}", not on "${text}"`);
  });
}

/** Waits until anything has the focus, so that neither a keyboard nor a screen reader begins at the top again. */
export async function untilFocused(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement !== document.body);
}

/** Presses Tab until an element has the focus. @throws an error when it cannot be reached so */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not reach it');
}

/** Where an element stands, in pixels from the left and the top of the window. */
export interface Box {
  left: number;
  top: number;
  bottom: number;
  height: number;
}

/** Measures elements at one instant: a page that still loads something moves them between two looks. */
export async function boxesOf<Name extends string>(
  page: Page,
  parts: Readonly<Record<Name, Locator>>,
): Promise<Record<Name, Box>> {
  const names = Object.keys(parts) as Name[];
  const elements = await Promise.all(names.map((name) => parts[name].elementHandle()));
  const boxes = await page.evaluate(
    (shown) =>
      shown.map((element) => {
        const { left, top, bottom, height } = element?.getBoundingClientRect() ?? new DOMRect();
        return { left, top, bottom, height };
      }),
    elements,
  );
  return Object.fromEntries(names.map((name, index) => [name, boxes[index]])) as Record<Name, Box>;
}

/** Pixels by which a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
