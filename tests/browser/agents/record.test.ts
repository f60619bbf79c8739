import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { anyConsumer, askForHelp, nextOffer, untilReferralStage } from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, untilFocusedOn, type Visit, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
/** The agent who declined the first request, and the one who then accepted it. */
let [declining, accepting] = [] as unknown as [OnboardedAgent, OnboardedAgent];
/** The agent who was not asked for the last request. */
let passedOver: OnboardedAgent;
beforeAll(async () => {
  stack = await startPortalStack();
  const people = newSamplePeople().onboarded.slice(0, 2);
  await uploadFeedsNaming(stack, people);
  const agents = await onboardAgents(stack, people);
  const first = await askForHelp(stack.user, anyConsumer());
  const { agent, offer } = await nextOffer(stack, agents, first);
  await answer(agent, `offers/${offer.id}/decline`, { reason: 'too-busy' });
  declining = agent;
  const second = await nextOffer(stack, agents, first, [offer]);
  await answer(second.agent, `offers/${second.offer.id}/acceptance`, {});
  accepting = second.agent;
  // a request that one of them accepts at once went past the other
  const last = await askForHelp(stack.user, anyConsumer());
  const { agent: asked, offer: taken } = await nextOffer(stack, agents, last);
  await answer(asked, `offers/${taken.id}/acceptance`, {});
  passedOver = agents.find(({ npn }) => npn !== asked.npn) as OnboardedAgent;
  await untilReferralStage(stack, last, 'accepted');
}, 180_000);
afterAll(() => stack.close());

const answer = ({ cookie }: OnboardedAgent, path: string, body: object) =>
  stack.user.expect('POST', path, { cookie, body });

async function open(path: string, agent: OnboardedAgent, narrow: boolean): Promise<Visit> {
  const visited = await visit(stack.browser, stack.apiUrl, { narrow });
  const [name = '', value = ''] = agent.cookie.split('=');
  await visited.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await visited.page.goto(path);
  return visited;
}

/** Faults of a page that any person would meet: of axe, and what does not fit into the window. */
async function faultsOf(page: Page): Promise<string[]> {
  const wider = await overflow(page);
  return [...(await accessibilityFaults(page)), ...(wider > 0 ? [`${wider} pixels too wide`] : [])];
}

describe.each([
  ['on a phone', true],
  ['on a desktop', false],
])('the record of an agent %s', (_, narrow) => {
  test('says of each offer what became of it, and its search is in the address and finds it again', async () => {
    const { page, faults, close } = await open('/inbox', declining, narrow);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
    await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
    await page.getByText('Too busy right now. You declined this referral at').waitFor();
    expect(await page.getByText('Phoenix, AZ 85004').count()).toBeGreaterThan(0);
    expect(await faultsOf(page)).toEqual([]);

    await page.getByLabel('What became of it').selectOption('Not answered');
    await page.getByText('Nothing fits this search.').waitFor();
    await page.getByLabel('What became of it').selectOption('Declined');
    await page.getByLabel('City or ZIP code').fill('phoe');
    await page.getByLabel('City or ZIP code').press('Enter');
    await page.waitForURL(/\/history\?(?=.*place=phoe)(?=.*became=declined)/);
    await page.getByText('Too busy right now.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('history-place');
    await page.reload();
    await page.getByText('Too busy right now.').waitFor();
    expect(await page.getByLabel('City or ZIP code').inputValue()).toBe('phoe');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.waitForURL(/\/history$/);
    expect(faults).toEqual([]);
    await close();
  });

  test('leads from an accepted offer to its card, and has the contact of nobody', async () => {
    const { page, faults, close } = await open('/history', accepting, narrow);
    await page.getByRole('link', { name: 'Open it in your inbox' }).first().waitFor();
    expect(await page.getByRole('main').innerText()).not.toMatch(/Alma|@example\.org|\(602\)|\+1602/);
    await page.getByRole('link', { name: 'Open it in your inbox' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    await untilFocusedOn(page, 'Alma Zebulon');
    expect(faults).toEqual([]);
    await close();
  });

  test('has the figures beside those of the state, and what became of the offers as a way into the history', async () => {
    const { page, faults, close } = await open('/figures', declining, narrow);
    await page.getByText('Your figures in Arizona, last 30 days').waitFor();
    const accepted = page.getByRole('row').filter({ hasText: 'Answered, of the offers you could answer' });
    await accepted.getByText('100%').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('link', { name: 'Declined' }).click();
    await page.waitForURL(/\/history\?became=declined$/);
    await page.getByText('Too busy right now.').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('says why a request went elsewhere, by day and one by one, and nothing of whose it was', async () => {
    const { page, faults, close } = await open('/why-not-me', passedOver, narrow);
    const latest = page.getByRole('region', { name: 'The latest requests' });
    await latest
      .getByText(/\d agents? (was|were) asked\./)
      .first()
      .waitFor();
    await latest.getByText('AZ', { exact: true }).first().waitFor();
    expect(await latest.innerText()).not.toMatch(/Phoenix|85004|Alma/);
    await page.getByRole('region', { name: 'Day by day' }).getByRole('table').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});
