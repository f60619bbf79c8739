import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applyReferralAction } from '../../../store/referrals/referral-actions.ts';
import {
  type AgentOffer,
  anyConsumer,
  askForHelp,
  nextOffer,
  type SubmittedReferral,
} from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { keyring } from '../../harness/keyring.ts';
import { accessibilityFaults, untilFocusedOn, type Visit, visit } from '../browser.ts';
import { type PortalStack, startPortalStack } from '../portal-stack.ts';

let stack: PortalStack;
let rosa: OnboardedAgent;
let marcus: OnboardedAgent;
beforeAll(async () => {
  // both are asked at once, so that one can take the referral from the other
  stack = await startPortalStack({ offerOverlap: { afterMs: 1, atOnce: 2 } });
  const people = newSamplePeople().onboarded.slice(0, 2);
  await uploadFeedsNaming(stack, people);
  [rosa, marcus] = (await onboardAgents(stack, people)) as [OnboardedAgent, OnboardedAgent];
});
afterAll(() => stack.close());

interface Offered {
  created: SubmittedReferral;
  offer: AgentOffer;
  inbox: Visit;
}

/** Opens an inbox with an offer that another agent has too. */
async function offered(): Promise<Offered> {
  const created = await askForHelp(stack.user, anyConsumer());
  const [{ offer }] = await Promise.all([
    nextOffer(stack, [rosa], created),
    nextOffer(stack, [marcus], created),
  ]);
  return { created, offer, inbox: await openInbox() };
}

async function openInbox(): Promise<Visit> {
  const inbox = await visit(stack.browser, stack.apiUrl, { phone: true });
  const [name = '', value = ''] = rosa.cookie.split('=');
  await inbox.page.context().addCookies([{ name, value, url: stack.apiUrl }]);
  await inbox.page.goto('/inbox');
  await inbox.page.getByRole('button', { name: 'Accept' }).waitFor();
  return inbox;
}

const accept = (agent: OnboardedAgent, { id }: AgentOffer) =>
  stack.user.expect('POST', `offers/${id}/acceptance`, { cookie: agent.cookie, body: {} });
const withdraw = ({ id, token }: SubmittedReferral) =>
  stack.user.expect('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });

describe('an offer that leaves an open inbox says why:', () => {
  test.each<[string, (offered: Offered) => Promise<unknown>, RegExp]>([
    ['withdrawn', ({ created }) => withdraw(created), /^The consumer withdrew the request at/],
    [
      'taken by another agent',
      async ({ created }) => accept(marcus, (await nextOffer(stack, [marcus], created)).offer),
      /another agent accepted this referral first/,
    ],
    [
      'closed by the operations team',
      async ({ created }) => {
        const account = await stack.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
        return stack.db.transaction().execute((tx) =>
          applyReferralAction(tx, keyring, {
            referralId: created.id,
            action: 'close',
            reason: 'Sent twice',
            accountId: account.id,
            at: new Date(),
          }),
        );
      },
      /^This referral was ended by the operations team at/,
    ],
    [
      'accepted in another window',
      ({ offer }) => accept(rosa, offer),
      /^You accepted this referral at \d+:\d\d [AP]M MST\.$/,
    ],
  ])('%s', async (_, end, sentence) => {
    const found = await offered();
    const { page, faults, close } = found.inbox;
    await end(found);
    await page.getByText(sentence).first().waitFor();
    expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
    await untilFocusedOn(page, 'New referrals');
    await stack.user.call('POST', `referrals/${found.created.id}/withdrawal`, {
      bearer: found.created.token,
      body: {},
    });
    expect(faults).toEqual([]);
    await close();
  });
});

test('a decline after an acceptance in another window says when it was accepted', async () => {
  const { created, offer, inbox } = await offered();
  const { page, faults, close } = inbox;
  await page.route('**/v1/me/offers', (route) => route.abort());
  await accept(rosa, offer);
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByLabel('Too busy right now').check();
  await page.getByRole('button', { name: 'Decline this referral' }).click();
  await page.getByText(/^You accepted this referral at/).waitFor();
  await untilFocusedOn(page, /You accepted this referral at/);
  await withdraw(created);
  expect(faults).toEqual([]);
  await close();
});
