import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, overflow, type Visit, visit } from '../browser.ts';
import { fillInHelp } from '../help-form.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
}, 120_000);
afterAll(() => stack.close());

async function open(options: Parameters<typeof visit>[2] = { phone: true }): Promise<Visit> {
  const opened = await visit(stack.browser, stack.apiUrl, options);
  await opened.page.goto('/help');
  await opened.page.getByLabel(/^(ZIP code|Código postal)/).waitFor();
  return opened;
}

/** Checks that a page is accessible, fits its window, and had no faults; closes it. */
async function leave({ page, faults, close }: Visit): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  expect(faults).toEqual([]);
  await close();
}

const stored = (page: Page) => page.evaluate(() => sessionStorage.getItem('help'));
const nowhereElse = (page: Page, text: string) =>
  page.evaluate((part) => !JSON.stringify(Object.entries(localStorage)).includes(part), text);

test('on a phone the form ends within one and a half screens', async () => {
  const consumer = await open();
  await consumer.page.getByText('I ask Help On Demand to find').waitFor();
  const button = await consumer.page
    .getByRole('main')
    .getByRole('button', { name: 'Ask for help' })
    .boundingBox();
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThan(1.5 * 844);
  await leave(consumer);
});

test('five digits show the city, and the year is that of the season', async () => {
  const consumer = await open();
  const { page } = consumer;
  const [year, month] = await page.evaluate(() => [new Date().getFullYear(), new Date().getMonth() + 1]);
  expect(await page.getByLabel('Coverage year').inputValue()).toBe(
    `${(month ?? 0) >= 11 ? (year ?? 0) + 1 : year}`,
  );
  await page.getByLabel('ZIP code').pressSequentially('85004');
  await page.getByText('Phoenix, Arizona').waitFor();
  expect(await page.getByRole('radiogroup', { name: 'In which state do you live?' }).count()).toBe(0);
  await page.getByLabel('ZIP code').fill('00000');
  await page.getByText('We do not know this ZIP code.').waitFor();
  expect(await page.getByText('Phoenix, Arizona').count()).toBe(0);
  await leave(consumer);
});

test('a ZIP in two states asks for the state there and then, and its answer decides who helps', async () => {
  const consumer = await open();
  const { page } = consumer;
  await page.getByLabel('ZIP code').fill('88063');
  const group = page.getByRole('radiogroup', { name: 'In which state do you live?' });
  await group.waitFor();
  await group.getByLabel('New Mexico').check();
  await page.getByRole('heading', { name: 'Your state has its own marketplace' }).waitFor();
  expect(await page.getByLabel('Your name').count()).toBe(0);
  await group.getByLabel('Texas').check();
  await page.getByLabel('Your name').waitFor();
  await leave(consumer);
});

test('an interpreter is asked about only where somebody wants to talk another language than English', async () => {
  const consumer = await open();
  const { page } = consumer;
  const question = page.getByText('If no agent who speaks this language is free');
  expect(await question.count()).toBe(0);
  await page.getByLabel('Language you want to talk in').selectOption('Vietnamese');
  await question.waitFor();
  await leave(consumer);
});

test('what was typed outlives a reload of the tab, in no other place, until it is cleared or half an hour has passed', async () => {
  const consumer = await open();
  const { page } = consumer;
  await fillInHelp(page);
  await page.getByLabel('Phone number').fill('(602) 555-0177');
  await page.reload();
  await page.getByLabel('Your name').waitFor();
  expect(await page.getByLabel('Your name').inputValue()).toBe('Alma Zebulon');
  expect(await page.getByLabel('I agree to this.').isChecked()).toBe(false);
  expect(await nowhereElse(page, 'Zebulon')).toBe(true);
  await page.getByRole('button', { name: 'Clear the form' }).click();
  expect(await page.getByLabel('Your name').inputValue()).toBe('');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-zip');
  expect(await stored(page)).toBeNull();

  await page.getByLabel('Your name').fill('Alma Zebulon');
  await page.evaluate(() => {
    const draft = JSON.parse(sessionStorage.getItem('help') ?? '{}') as { at: number };
    sessionStorage.setItem('help', JSON.stringify({ ...draft, at: draft.at - 30 * 60_000 }));
  });
  await page.reload();
  await page.getByLabel('Your name').waitFor();
  expect(await page.getByLabel('Your name').inputValue()).toBe('');
  expect(await stored(page)).toBeNull();
  await leave(consumer);
});

test('a refused field says so until it is mended, and the page never shows the words of the API', async () => {
  const consumer = await open();
  const { page } = consumer;
  await fillInHelp(page);
  await page.getByLabel('ZIP code').fill('85004');
  const refusal = {
    type: 'urn:help-on-demand:problem:invalid-fields',
    title: 'Words of the API',
    status: 422,
    detail: 'Words of the API',
    errors: [
      { pointer: '/zip', code: 'of-a-later-version', detail: 'Words of the API' },
      { pointer: '/phone', code: 'phone-or-email-needed', detail: 'Words of the API' },
    ],
  };
  await page.route('**/v1/referrals', (route) =>
    route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(refusal) }),
  );
  await page.getByLabel('Email address').fill('alma@example.org');
  const send = page.getByRole('main').getByRole('button', { name: 'Ask for help' });
  await send.click();
  await page.getByText('2 fields need your attention').waitFor();
  await page.getByLabel('ZIP code').fill('84101');
  await page.getByText('One field needs your attention').waitFor();
  await page.getByLabel('Phone number').fill('(602) 555-0177');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  expect(await page.locator('[aria-invalid="true"]').count()).toBe(0);

  await page.unroute('**/v1/referrals');
  const unknown = {
    ...refusal,
    type: 'urn:help-on-demand:problem:of-a-later-version',
    status: 409,
    errors: [],
  };
  await page.route('**/v1/referrals', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(unknown) }),
  );
  await send.click();
  await page.getByText('Something went wrong on our side.').waitFor();
  expect(await page.getByText('Words of the API').count()).toBe(0);
  await leave(consumer);
});
