import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, overflow, visit } from '../browser.ts';
import { englishOn } from '../english-on.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

/** Checks that a page is accessible and fits its window. */
async function isSound(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

const english = { level: 1, name: 'How long it takes' } as const;

test('before there are enough cases the page says so, on a phone, and the footer leads there', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const { page } = consumer;
  await page.goto('/help');
  await page
    .getByRole('contentinfo')
    .getByRole('link', { name: 'How long it takes to find an agent' })
    .click();
  await page.getByRole('heading', english).waitFor();
  await page.getByText('We do not have enough cases yet to say this.').first().waitFor();
  await isSound(page);
  expect(consumer.faults).toEqual([]);
  await consumer.close();
});

test('a consumer reads how long it takes in their state, in both languages, and on paper', async () => {
  const counted = { requests: 20, medianMinutes: 3, ninetiethMinutes: 95, unmatchedShare: 0.02 };
  await stack.db
    .insertInto('waitingTimes')
    .values([
      { period: 'month', ...counted },
      { period: 'this-hour', state: 'NM', ...counted, medianMinutes: 1, ninetiethMinutes: 4 },
    ])
    .execute();
  await stack.db.updateTable('waitingTimeCounts').set({ countedAt: new Date() }).execute();
  const consumer = await visit(stack.browser, stack.apiUrl);
  const { page } = consumer;
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'How long does it take?' }).click();
  await page.getByRole('heading', english).waitFor();
  await page.getByText('within 3 minutes, for 9 of 10 within 1 hour 35 minutes').waitFor();
  await page.getByText('For 2 of 100 people').waitFor();
  await page.getByText('We ask one agent at a time. Only the agent who accepts gets your name').waitFor();
  await isSound(page);

  await page.getByLabel('Your state').selectOption('New Mexico');
  await page.getByText('within 1 minute, for 9 of 10 within 4 minutes').waitFor();
  await page.getByText('This is about people in New Mexico at this hour of the day').waitFor();
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByText('Se trata de personas de Nuevo México a esta hora del día').waitFor();
  await page.getByText('en 1 minuto o menos; 9 de cada 10, en 4 minutos o menos').waitFor();
  expect(await englishOn(page)).toEqual([]);
  await isSound(page);

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation').isVisible()).toBe(false);
  expect(await page.getByLabel('Su estado').isVisible()).toBe(false);
  expect(await page.getByText('Qué conviene tener a mano').isVisible()).toBe(true);
  expect(consumer.faults).toEqual([]);
  await consumer.close();
});

test('where several agents are asked at once, the page says so', async () => {
  const consumer = await visit(stack.browser, stack.apiUrl, { locale: 'es-US' });
  const { page } = consumer;
  await page.route('**/v1/waiting-times?**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), agentsAtOnce: 2 } });
  });
  await page.goto('/how-long?state=TX&language=vi');
  await page.getByText('Preguntamos hasta a 2 agentes a la vez. Solo el primero que acepta').waitFor();
  expect(await page.getByLabel('Idioma en el que quiere hablar').inputValue()).toBe('vi');
  await consumer.close();
});
