import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newSamplePeople, uploadFeedsNaming } from '../../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, type Visit } from '../browser.ts';
import { addOps, type OpsAccount, visitAsOps } from '../ops-account.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

const { invited } = newSamplePeople();

let stack: PortalStack;
let ops: OpsAccount;
beforeAll(async () => {
  stack = await startPortalStack();
  ops = await addOps(stack);
  await uploadFeedsNaming(stack, [invited]);
  await stack.user.message(invited.email);
});
afterAll(() => stack.close());

test('ops see the stuck onboardings with their causes, put an agent on hold with a reason, and the page updates', async () => {
  const { page, faults, close } = await logIn('/ops');
  await page.getByRole('heading', { level: 1, name: 'Onboarding of agents' }).waitFor();
  await page.getByRole('table', { name: 'Agents, the longest in their stage first' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  // from a count to its list, and from the list to an agent's page
  await page
    .getByRole('row', { name: /2027 Invited/ })
    .getByRole('link', { name: '1: show them below' })
    .click();
  expect(new URL(page.url()).search).toBe('?stage=invited&planYear=2027');
  await page.getByLabel('For longer than').selectOption('7 days');
  await page.getByText('No agents match this filter.').waitFor();
  await page.getByRole('button', { name: 'Show everyone who is stuck' }).click();
  await page.getByRole('link', { name: invited.npn }).first().click();
  await page.getByRole('heading', { level: 1, name: `Agent ${invited.npn}` }).waitFor();
  await page.getByText('Waiting for the agent to register until').first().waitFor();
  await page.getByText('Reminds the agent of the invitation').first().waitFor();
  await page.getByRole('row', { name: /Invitation to register.*email: / }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Hold' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hold' });
  await dialog.getByRole('button', { name: 'Hold' }).click();
  await dialog.getByText('Enter a text of at most 500 characters').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('textbox').fill('A complaint;\nwe look into it');
  await dialog.getByRole('button', { name: 'Hold' }).click();
  await page.getByText('The agent is on hold.').waitFor();
  await page.getByRole('row', { name: new RegExp(`${ops.username}.*Hold.*we look into it`) }).waitFor();
  await page.getByText('held by the operations team').first().waitFor();
  expect(await page.getByRole('button', { name: 'Invite again' }).count()).toBe(0);

  await act(page, 'Release', 'It was a mistake');
  await page.getByText('The agent is released.').waitFor();
  await page.getByRole('button', { name: 'Invite again' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

test('a deactivation needs a kind, and afterwards only notes are possible', async () => {
  const { page, faults, close } = await logIn(`/ops/agents/${invited.npn}`, { narrow: true });
  await page.getByRole('button', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Deactivate' });
  await dialog.getByRole('textbox').fill('His office called');
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await dialog.getByText('Choose what happened.').waitFor();
  await dialog.getByLabel('Death').check();
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText('The agent’s participation has ended.').waitFor();
  await page.getByText('Nothing by itself').first().waitFor();
  expect(await page.getByRole('heading', { name: 'What you can do' }).isVisible()).toBe(true);
  expect(await page.locator('section[aria-labelledby=actions] button').allTextContents()).toEqual([
    'Add a note',
  ]);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.goto('/ops');
  await page.getByRole('heading', { name: 'Number of agents by cause' }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test('an invalid NPN shows an error, and an unknown one too', async () => {
  const { page, close } = await logIn('/ops');
  await page.getByLabel('Find an agent by NPN').fill('12x');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('An NPN has 1 to 10 digits.').waitFor();
  await page.getByLabel('Find an agent by NPN').fill('4711');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('There is no agent with this NPN.').waitFor();
  expect(new URL(page.url()).pathname).toBe('/ops/agents/4711');
  await close();
});

const logIn = (path: string, options: { narrow?: boolean } = {}): Promise<Visit> =>
  visitAsOps(stack, ops, path, options);

async function act(page: Page, name: string, reason: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('textbox').fill(reason);
  await dialog.getByRole('button', { name }).click();
}
