import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { invitationTokenIn, logIn } from '../../standalone/demo/onboard-agent.ts';
import { openOpsAccount } from '../../standalone/sample/ops-account.ts';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { eventually } from '../harness/eventually.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { alma, askForHelp, nextOffer, untilReferralStage } from './help-requests.ts';
import { newSamplePeople, onboardAgents, uploadFeedsNaming } from './onboarded-agents.ts';

let stack: Stack;
let suharto: SamplePerson;
let ada: SamplePerson;
beforeAll(async () => {
  stack = await startStack();
  const [first, second] = newSamplePeople().onboarded as [SamplePerson, SamplePerson];
  suharto = { ...first, firstName: '', lastName: 'Suharto' };
  ada = { ...second, firstName: 'Ada', lastName: '' };
  await uploadFeedsNaming(stack, [suharto, ada]);
});
afterAll(() => stack.close());

test('an agent with one name is invited and onboarded, known to ops by NPN, and named to the consumer', async () => {
  const { user } = stack;
  for (const [person, name] of [
    [suharto, 'Suharto'],
    [ada, 'Ada'],
  ] as const) {
    const invitation = await user.message(person.email);
    expect(invitation.text).toContain(`\nHello ${name},\n`);
    const { body } = await user.expect('POST', 'invitations/lookup', {
      body: { token: invitationTokenIn(invitation) },
    });
    expect(body).toMatchObject({ firstName: person.firstName, lastName: person.lastName });
  }
  const [agent] = await onboardAgents(stack, [suharto]);

  const ops = { role: 'ops' as const, username: `ops-${randomUUID()}`, password: 'Harbor!Lantern7' };
  const cookie = await logIn(user, await openOpsAccount(stack, ops));
  const active = expect.objectContaining({ planYear: 2027, stage: 'active' });
  // the agent has two plan years, and was waited for in one of them
  await eventually(async () => {
    const { body } = await user.expect('GET', `ops/onboardings/00${suharto.npn}`, { cookie });
    expect(body).toMatchObject({ npn: suharto.npn, onboardings: expect.arrayContaining([active]) });
  });

  const asked = await askForHelp(user);
  const { offer } = await nextOffer(stack, [agent as { cookie: string }], asked);
  await user.expect('POST', `offers/${offer.id}/acceptance`, { cookie: agent?.cookie, body: {} });
  expect(await untilReferralStage(stack, asked, 'accepted')).toMatchObject({ agent: { name: 'Suharto' } });
  const mail = await user.message(alma.email, ({ subject }) => subject?.startsWith('Suharto ') ?? false);
  expect(mail.text).toContain('Suharto, a licensed agent with National Producer Number');
});
