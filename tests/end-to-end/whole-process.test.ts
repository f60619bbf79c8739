import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '../contract/privacy/marks.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { alma, askForHelp, nextOffer, type SubmittedReferral, untilReferralStage } from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];
const people = newSamplePeople();

beforeAll(async () => {
  stack = await startStack();
  await uploadFeedsNaming(stack, [...people.onboarded, people.invited]);
  agents = await onboardAgents(stack, people.onboarded);
});
afterAll(() => stack.close());

test('three agents from the feeds are onboarded, and hear of every step', async () => {
  const subjects = async (email: string) => (await stack.user.messages(email)).map((mail) => mail.subject);
  for (const { email } of agents) {
    await stack.user.message(email, (mail) => mail.subject === 'You are ready to receive referrals');
    // one mail per step, although the feeds name two plan years
    expect((await subjects(email)).toReversed()).toEqual([
      'Register with Help On Demand for plan year 2027',
      'Your Help On Demand registration is almost complete',
      'You are ready to receive referrals',
    ]);
  }
});

test('a fourth is invited and stays out of the cascade until they register', async () => {
  await stack.user.message(people.invited.email);
  const rows = await stack.db.selectFrom('serving').select('npn').distinct().execute();
  expect(rows.map(({ npn }) => npn).toSorted()).toEqual(agents.map(({ npn }) => npn).toSorted());
});

test('the first agent declines, the second accepts, calls and enrolls; the consumer learns who calls', async () => {
  const { user } = stack;
  const asked = await askForHelp(user);
  const first = await nextOffer(stack, agents, asked);
  expect(JSON.stringify(first.offer)).not.toContain(alma.name);
  expect(first.offer).toMatchObject({ zip: alma.zip, city: 'Phoenix' });
  await user.expect('POST', `offers/${first.offer.id}/decline`, {
    cookie: first.agent.cookie,
    body: { reason: 'too-busy' },
  });

  const second = await nextOffer(stack, agents, asked, [first.offer]);
  expect(second.agent.npn).not.toBe(first.agent.npn);
  const take = () =>
    user.call('POST', `offers/${second.offer.id}/acceptance`, { cookie: second.agent.cookie, body: {} });
  const { name, phone, email } = alma;
  expect(await take()).toMatchObject({
    status: 200,
    body: { referralId: asked.id, consumer: { name, phone, email } },
  });
  expect((await take()).status).toBe(200);

  const found = await untilReferralStage(stack, asked, 'accepted');
  const license = { state: 'AZ', number: expect.any(String) };
  expect(found).toMatchObject({ agent: { npn: second.agent.npn, license }, contactBy: 'call' });
  const number = found.agent?.license?.number ?? 'a license';
  await user.message(
    alma.email,
    (mail) => mail.text.includes(second.agent.npn) && mail.text.includes(number),
  );

  for (const outcome of ['contacted', 'enrolled']) {
    await user.expect('POST', `referrals/${asked.id}/outcomes`, {
      cookie: second.agent.cookie,
      body: { outcome },
    });
  }
  await untilReferralStage(stack, asked, 'closed');
  const again = await user.call('POST', `referrals/${asked.id}/outcomes`, {
    cookie: second.agent.cookie,
    body: { outcome: 'quoted' },
  });
  expect(again.status).toBe(409);
});

test('a consumer withdraws from an open offer; the agent is not shown it any more', async () => {
  const { user } = stack;
  const asked = await askForHelp(user);
  const { agent, offer } = await nextOffer(stack, agents, asked);
  const withdrawal = { bearer: asked.token, body: {} };
  const { body } = await user.expect('POST', `referrals/${asked.id}/withdrawal`, withdrawal);
  expect(body).toMatchObject({ stage: 'withdrawn' });
  expect(await user.expect('POST', `referrals/${asked.id}/withdrawal`, withdrawal)).toMatchObject({
    body,
  });
  const late = await user.call('POST', `offers/${offer.id}/acceptance`, {
    cookie: agent.cookie,
    body: {},
  });
  expect(late).toMatchObject({ status: 409, body: { at: expect.any(String) } });
});

test('nobody speaks the language: the referral waits, says so, and ends when the consumer withdraws', async () => {
  const asked = await askForHelp(stack.user, { language: 'ko' });
  await untilReferralStage(stack, asked, 'queued');
  await stack.user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
  await untilReferralStage(stack, asked, 'withdrawn');
});

test('no history holds a name, an address, a phone number, a ZIP or a password, and no log line either', async () => {
  const asked: SubmittedReferral = await askForHelp(stack.user);
  await nextOffer(stack, agents, asked);
  const everybody = [alma, ...people.onboarded, people.invited];
  const marks = everybody.flatMap((person) => [
    person.email,
    person.phone,
    person.phone.slice(2),
    ...('name' in person ? [person.name, 'Zebulon'] : [person.lastName, person.username]),
  ]);
  const { rows } = await historiesOf(stack);
  expect(rows.length).toBeGreaterThan(5);
  for (const text of [...rows, ...stack.log]) {
    for (const mark of [...marks, `"${alma.zip}"`]) expect(text).not.toContain(mark);
  }
  expect(rows.join(' ')).toContain(`\\"referralId\\":\\"${asked.id}\\"`);
});

/** Reads every workflow history of this stack, with decoded payloads. */
async function historiesOf({ db, temporal }: Stack): Promise<{ rows: string[] }> {
  const onboardings = await db.selectFrom('onboardings').select(['npn', 'planYear']).execute();
  const referrals = await db.selectFrom('referrals').select('id').execute();
  const ids = [
    ...onboardings.map(({ npn, planYear }) => `onboarding-${npn}-${planYear}`),
    ...referrals.map(({ id }) => `referral-${id}`),
  ];
  const rows: string[] = [];
  for (const id of ids) {
    const history = await temporal.workflow.getHandle(id).fetchHistory();
    rows.push(textOf(history));
  }
  return { rows };
}
