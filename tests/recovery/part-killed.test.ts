import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../scripts/browser.ts';
import { type Visit, visit } from '../browser/browser.ts';
import { askForHelp, nextOffer } from '../end-to-end/help-requests.ts';
import { runStart } from './running-start.ts';

type Running = Awaited<ReturnType<typeof runStart>>;
let running: Running;
let agents: Awaited<ReturnType<Running['agents']>>;

beforeAll(async () => {
  running = await runStart({ OFFER_WINDOW: '5 seconds' });
  await running.untilUp();
  agents = await running.agents();
}, 240_000);
afterAll(() => running.end(), 60_000);

/** Opens an offer, waits until its agent is notified, kills something, and lets the offer's time run out. */
async function expectNextOfferAfterKill(kill: () => void): Promise<void> {
  const { user } = running;
  const asked = await askForHelp(user);
  const first = await nextOffer(running, agents, asked);
  await user.message(`${first.agent.username}@example.com`, ({ at }) => at >= first.offer.offeredAt);
  kill();
  await sleep(Math.max(0, Date.parse(first.offer.expiresAt) + 1 - Date.now()));

  const late = await user.until('an answer', async () => {
    const taking = user.call<{ type: string }>('POST', `offers/${first.offer.id}/acceptance`, {
      cookie: first.agent.cookie,
      body: {},
    });
    // an API that is just starting again does not answer, or answers 503
    const answer = await taking.catch(() => undefined);
    return answer === undefined || answer.status >= 500 ? undefined : answer;
  });
  expect(late.status).toBe(409);
  expect(late.body.type).toMatch(/offer-ended$/);
  const next = await nextOffer(running, agents, asked, [first.offer]);
  expect(next.agent.username).not.toBe(first.agent.username);
  await user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
}

test.each(['worker', 'api', 'postgres', 'temporal'] as const)(
  'the %s is killed while an offer is open: the offer expires and the next agent is asked',
  async (part) => {
    await expectNextOfferAfterKill(() => running.signalPart(part, 'SIGKILL'));
  },
  90_000,
);

test('the API stands still: open pages say so within 10 seconds, and no more once it goes on', async () => {
  const asked = await askForHelp(running.user);
  const browser = await openBrowser();
  try {
    const [agent] = agents;
    const visits = await Promise.all([
      openLive(browser, '/inbox', agent?.cookie),
      openLive(browser, `/status/${asked.id}#${asked.token}`),
    ]);
    const strips = visits.map(({ page }) => page.locator('.hod-strip'));
    running.signalPart('api', 'SIGSTOP');
    try {
      const said = strips.map((strip) => strip.getByText(/^No connection since .+\./));
      await Promise.all(said.map((sentence) => sentence.waitFor({ timeout: 10_000 })));
      expect(await said[0]?.textContent()).toContain('You may be missing a referral.');
    } finally {
      running.signalPart('api', 'SIGCONT');
    }
    for (const { page } of visits)
      await page.locator('.hod-strip:empty').waitFor({ state: 'attached', timeout: 40_000 });
    await running.user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
  } finally {
    await browser.close();
  }
}, 120_000);

/** Opens a page whose stream of events is connected. */
async function openLive(browser: Browser, path: string, cookie?: string): Promise<Visit> {
  const visited = await visit(browser, running.apiUrl);
  const { page } = visited;
  const [name = '', value = ''] = (cookie ?? '').split('=');
  if (cookie) await page.context().addCookies([{ name, value, url: running.apiUrl }]);
  const stream = page.waitForResponse(/\/events$/);
  await page.goto(path);
  await stream;
  return visited;
}

test('everything is killed while an offer is open: the next start finds all and goes on', async () => {
  await expectNextOfferAfterKill(() => {
    running.killEverything();
    running.startAgain();
  });
  await running.untilUp();
}, 240_000);
