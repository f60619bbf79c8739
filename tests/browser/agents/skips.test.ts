import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { anyConsumer, askForHelp, nextOffer, untilReferralStage } from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { accessibilityFaults, overflow, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let rosa: OnboardedAgent;
beforeAll(async () => {
  stack = await startPortalStack({ suggestFilterAfter: 2 });
  const onboarded = newSamplePeople().onboarded.slice(0, 1);
  await uploadFeedsNaming(stack, onboarded);
  [rosa] = (await onboardAgents(stack, onboarded)) as [OnboardedAgent];
});
afterAll(() => stack.close());

async function decline(): Promise<void> {
  const { offer } = await nextOffer(stack, [rosa], await askForHelp(stack.user, anyConsumer()));
  await stack.user.expect('POST', `offers/${offer.id}/decline`, {
    cookie: rosa.cookie,
    body: { reason: 'not-my-area' },
  });
}

test('an agent who declines an area again and again skips it with one tap, and is asked again when they want to be', async () => {
  await decline();
  await decline();
  const { page, faults, close } = await visit(stack.browser, stack.apiUrl, { narrow: true });
  const [name = '', value = ''] = rosa.cookie.split('=');
  await page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await page.goto('/inbox');
  const question = page.getByText('You declined the last 2 requests from ZIP codes that begin with 850.');
  await question.waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  const area = page.getByRole('listitem').filter({ has: question });
  await area.getByRole('button', { name: 'Skip them' }).click();
  await page.getByText('You are no longer asked for requests from ZIP codes that begin with 850.').waitFor();
  expect(await question.count()).toBe(0);

  const created = await askForHelp(stack.user, anyConsumer());
  await untilReferralStage(stack, created, 'queued');
  const { causes } = await stack.user.until('the search to end', async () => {
    const { body } = await stack.user.expect<{ causes: string[] }>('GET', `referrals/${created.id}`, {
      bearer: created.token,
    });
    return body.causes.length > 0 ? body : undefined;
  });
  expect(causes).toEqual(['nobody-available']);

  await page.goto('/profile');
  const skipped = page.getByRole('region', { name: 'Requests that you skip' });
  await skipped.getByText('Requests from ZIP codes that begin with 850, since').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await skipped.getByRole('button', { name: 'Ask me again' }).click();
  await page.getByText('You are asked for requests from ZIP codes that begin with 850.').waitFor();
  await nextOffer(stack, [rosa], created);
  expect(faults).toEqual([]);
  await close();
});
