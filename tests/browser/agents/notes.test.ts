import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { askForHelp } from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { eventually } from '../../harness/eventually.ts';
import { accessibilityFaults, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let agent: OnboardedAgent;
beforeAll(async () => {
  stack = await startPortalStack();
  const people = newSamplePeople().onboarded.slice(0, 1);
  await uploadFeedsNaming(stack, people);
  [agent] = (await onboardAgents(stack, people)) as [OnboardedAgent];
});
afterAll(() => stack.close());

async function openInbox() {
  const inbox = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const [name = '', value = ''] = agent.cookie.split('=');
  await inbox.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await inbox.page.goto('/inbox');
  return inbox;
}

const notesIn = (page: Page) => page.getByRole('textbox', { name: 'Your notes' });
/** Waits until the field shows these notes. */
const until = (page: Page, text: string) =>
  eventually(async () => expect(await notesIn(page).inputValue()).toBe(text));
const save = (page: Page) => page.getByRole('button', { name: 'Save notes' }).click();
const storedText = (page: Page) =>
  page.evaluate(() => [sessionStorage, localStorage].map((kept) => JSON.stringify(kept)).join());

test('an agent keeps notes about a referral that they have: saved by a button, shown again, and gone with the contact', async () => {
  const { page, faults, close } = await openInbox();
  const { id, token } = await askForHelp(stack.user);
  await page.getByRole('button', { name: 'Accept' }).click();
  await notesIn(page).fill('Prefers mornings');
  // typed text is in the page alone
  expect(await storedText(page)).not.toContain('mornings');
  await save(page);
  await page.getByText('Notes saved.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save notes');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.reload();
  await until(page, 'Prefers mornings');

  // on another device meanwhile
  const elsewhere = await stack.user.expect<{ text: string; updatedAt: string }>(
    'GET',
    `referrals/${id}/notes`,
    {
      cookie: agent.cookie,
    },
  );
  await notesIn(page).fill('Prefers noon');
  const body = { ...elsewhere.body, text: 'Prefers evenings' };
  await stack.user.expect('PUT', `referrals/${id}/notes`, { cookie: agent.cookie, body });
  await save(page);
  await page.getByText('You saved other notes meanwhile').waitFor();
  await page.getByText('Prefers evenings').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep what I typed here' }).click();
  await until(page, 'Prefers noon');
  expect(await notesIn(page).evaluate((field) => field === document.activeElement)).toBe(true);
  await save(page);
  await page.getByText('Notes saved.').waitFor();

  await notesIn(page).fill('x'.repeat(2_001));
  await page.getByText('Please shorten your notes to 2,000 characters.').waitFor();

  await stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });
  await page.getByText('The contact is no longer shown.').waitFor();
  expect(await notesIn(page).count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
}, 60_000);

test('of notes that were saved elsewhere meanwhile an agent can take the newer ones', async () => {
  const { page, faults, close } = await openInbox();
  const { id, token } = await askForHelp(stack.user);
  await page.getByRole('button', { name: 'Accept' }).click();
  await notesIn(page).fill('Prefers noon');
  const body = { text: 'Prefers evenings', updatedAt: null };
  await stack.user.expect('PUT', `referrals/${id}/notes`, { cookie: agent.cookie, body });
  await save(page);
  await page.getByRole('button', { name: 'Show the newer notes' }).click();
  await until(page, 'Prefers evenings');
  await stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });
  expect(faults).toEqual([]);
  await close();
}, 60_000);
