import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findMarks } from '../contract/privacy/marks.ts';
import { alma, askForHelp } from '../end-to-end/help-requests.ts';
import { newSamplePeople, onboardAgents, uploadFeedsNaming } from '../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, visit } from './browser.ts';
import { addOps, visitAsOps } from './ops-account.ts';
import { type PortalStack, startPortalStack } from './portal-stack.ts';

let stack: PortalStack;
beforeAll(async () => {
  stack = await startPortalStack();
});
afterAll(() => stack.close());

const marks = [...alma.name.split(' '), alma.phone, alma.email];

/** Presses a button that downloads a file. @returns its text */
async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

/** Everything that a page has left in its browser. */
async function leftInBrowser(page: Page): Promise<string> {
  const inTab = await page.evaluate(async () =>
    JSON.stringify([
      Object.entries(sessionStorage),
      Object.entries(localStorage),
      await caches.keys(),
      (await indexedDB.databases()).map(({ name }) => name),
    ]),
  );
  return inTab + JSON.stringify(await page.context().cookies());
}

test('the status page says what is kept and gives it as a file; taking the consent back says what stays', async () => {
  const { id, token } = await askForHelp(stack.user, alma);
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  await page.goto(`/status/${id}#${token}`);
  await page.getByRole('heading', { name: 'What we keep about you' }).waitFor();
  await page.getByText('until 90 days after your request ends').waitFor();
  const file = await downloaded(page, 'Download what we keep');
  expect(JSON.parse(file)).toMatchObject({ request: { id }, consents: [{ kind: 'intake' }] });
  expect(findMarks(marks, [{ where: 'the file', text: file }])).toEqual([]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);

  await page.getByRole('button', { name: 'Withdraw my consent and erase my contact' }).click();
  await page.getByText('Everything stops, and we erase your name').waitFor();
  await page.getByRole('button', { name: 'Yes, withdraw my consent' }).click();
  await page.getByText('We have erased your name, phone number and email address.').waitFor();
  await page.getByText('We keep only a record of who gave consent, until').waitFor();
  expect(findMarks(marks, [{ where: 'the browser', text: await leftInBrowser(page) }])).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});

test('an agent’s account page says what is kept about them, and gives it as a file', async () => {
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded.slice(0, 1));
  const [agent] = await onboardAgents(stack, onboarded.slice(0, 1));
  if (!agent) throw new Error('No agent was onboarded');
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl);
  const [name = '', value = ''] = agent.cookie.split('=');
  await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await page.goto('/account');
  await page.getByRole('heading', { name: 'What we keep about you' }).waitFor();
  const file = await downloaded(page, 'Download what we keep');
  expect(JSON.parse(file)).toMatchObject({ agent: { npn: agent.npn, email: agent.email } });
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await close();
});

test('ops read one contact on a page, with a reason, and it is gone when they leave', async () => {
  const { id } = await askForHelp(stack.user, { ...alma, phone: undefined, email: 'read.me@example.org' });
  const { page, faults, close } = await visitAsOps(stack, await addOps(stack), '/ops/contact');
  await page.getByRole('button', { name: 'Read the contact' }).click();
  await page.getByText('This is not the id of a referral.').waitFor();
  await page.getByLabel('Referral').fill(id);
  await page.getByLabel('Reason').fill('they called and ask which address we have');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Read the contact' }).click();
  await page.getByText('read.me@example.org').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await leftInBrowser(page)).not.toContain('read.me');
  await page.getByRole('link', { name: 'Back to the board' }).click();
  await page.getByRole('heading', { name: 'Onboarding of agents' }).waitFor();
  expect(await page.getByText('read.me@example.org').count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});
