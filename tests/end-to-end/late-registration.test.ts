import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { invitationTokenIn } from '../../standalone/demo/onboard-agent.ts';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { newSamplePeople, uploadFeedsNaming } from './onboarded-agents.ts';

const invitationTtlMs = 9_000;
let stack: Stack;
beforeAll(async () => {
  // each test uploads feeds with its own agent only
  stack = await startStack({ invitationTtlMs, maxRemovedShare: 1 });
});
afterAll(() => stack.close());

interface Answered {
  type?: string;
  at?: string;
  stage?: string;
}

interface Filled {
  npn: string;
  expiresAt: number;
  submit: () => Promise<{ status: number; body: Answered }>;
}

/** Invites an agent, opens the link and fills the form; the link expires in a few seconds. */
async function fillForm(): Promise<Filled> {
  const { user } = stack;
  const person: SamplePerson = newSamplePeople().invited;
  const { npn, phone, zip, contactPreference } = person;
  const mine = { ...person, email: `late-${npn}@example.com` };
  await uploadFeedsNaming(stack, [mine]);
  const token = invitationTokenIn(await user.message(mine.email));
  const { body } = await user.expect<{ expiresAt: string; termsOfUse: { version: string } }>(
    'POST',
    'invitations/lookup',
    { body: { token } },
  );
  const typed = {
    token,
    username: `late.${npn}`,
    password: generatePassword(),
    phone,
    zip,
    contactPreference,
  };
  return {
    npn,
    expiresAt: Date.parse(body.expiresAt),
    // while a registration is in progress the answer asks for a retry
    submit: async () => {
      for (;;) {
        const answer = await user.call<Answered>('POST', 'registrations', {
          body: { ...typed, termsOfUseVersion: body.termsOfUse.version },
        });
        if (answer.status !== 503) return answer;
      }
    },
  };
}

/** Reads all that a registration writes. */
async function rowsOf(npn: string) {
  const { db } = stack;
  const count = async (table: 'accounts' | 'termsAcceptances' | 'phoneCodes') =>
    (await db.selectFrom(table).select('npn').where('npn', '=', npn).execute()).length;
  const { registeredAt, phone } = await db
    .selectFrom('agents')
    .select(['registeredAt', 'phone'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const [invitation] = await db
    .selectFrom('invitations')
    .select('endedAs')
    .where('npn', '=', npn)
    .orderBy('issuedAt')
    .execute();
  return {
    accounts: await count('accounts'),
    acceptances: await count('termsAcceptances'),
    isRegistered: registeredAt !== null,
    hasPhone: phone !== null,
    invitation: invitation?.endedAs,
  };
}

const nothing = { accounts: 0, acceptances: 0, isRegistered: false, hasPhone: false };

test('a form sent in time while the worker is away until after the last second: 410, and nothing of it is saved', async () => {
  const { npn, expiresAt, submit } = await fillForm();
  await stack.stopWorker();
  expect(Date.now()).toBeLessThan(expiresAt);
  const answering = submit();
  await sleep(expiresAt + 50 - Date.now());
  await stack.startWorker();
  const { status, body } = await answering;
  expect([status, body.type, body.at]).toEqual([
    410,
    expect.stringMatching(/invitation-expired$/),
    new Date(expiresAt).toISOString(),
  ]);
  const again = await submit();
  expect(again.status).toBe(410);
  await stack.user.until('the end of the invitation', async () =>
    (await rowsOf(npn)).invitation === 'expired' ? true : undefined,
  );
  expect(await rowsOf(npn)).toEqual({ ...nothing, invitation: 'expired' });
  const requests = await stack.db.selectFrom('registrationRequests').select('id').execute();
  expect(requests).toEqual([]);
});

test('a form sent in the last seconds to a running worker: one whole account', async () => {
  const { npn, expiresAt, submit } = await fillForm();
  await sleep(expiresAt - 3_000 - Date.now());
  const { status, body } = await submit();
  expect([status, body.stage]).toEqual([201, 'awaiting-terms']);
  await sleep(expiresAt + 50 - Date.now());
  expect((await submit()).status).toBe(201);
  expect(await rowsOf(npn)).toEqual({
    accounts: 1,
    acceptances: 1,
    isRegistered: true,
    hasPhone: true,
    invitation: 'registered',
  });
});

test('the same form sent several times at once: one account, and each gets the first answer', async () => {
  const { npn, submit } = await fillForm();
  const answers = await Promise.all([submit(), submit(), submit()]);
  expect(answers.map(({ status, body }) => `${status} ${body.stage}`)).toEqual(
    Array.from({ length: 3 }, () => '201 awaiting-terms'),
  );
  expect(await rowsOf(npn)).toMatchObject({ accounts: 1, acceptances: 1 });
});
