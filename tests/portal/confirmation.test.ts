import { expect, test } from '@jest/globals';
import { createConfirmation, withConfirmation } from '../../portal/src/api/confirmation.ts';
import { ApiProblem, asProblem } from '../../portal/src/api/problem.ts';

const needed = new ApiProblem({ type: 'urn:x:re-authentication-required', title: 'Confirm', status: 403 });
const call = { method: 'PATCH', path: 'me/profile', body: { phone: '+16025550142' } } as const;

/** A client that wants the first answers confirmed. */
function refusing(times: number) {
  const sent: object[] = [];
  const send = async (one: object) => {
    sent.push(one);
    if (sent.length <= times) throw needed;
    return 'saved';
  };
  return { sent, client: { send: send as never } };
}

test('a call that needs a confirmation is repeated once it is given, as it was', async () => {
  const { sent, client } = refusing(1);
  const confirmation = createConfirmation();
  const answer = withConfirmation(client, confirmation).send(call);
  await Promise.resolve();
  await Promise.resolve();
  expect(confirmation.isAsked()).toBe(true);
  confirmation.answer(true);
  expect(await answer).toBe('saved');
  expect(sent).toEqual([call, call]);
  expect(confirmation.isAsked()).toBe(false);
});

test('without a confirmation the page gets the refusal, and nothing is sent again', async () => {
  const { sent, client } = refusing(1);
  const confirmation = createConfirmation();
  const answer = withConfirmation(client, confirmation).send(call).then(String, asProblem);
  await Promise.resolve();
  await Promise.resolve();
  confirmation.answer(false);
  expect(await answer).toBe(needed);
  expect(sent).toEqual([call]);
});

test('calls that wait together are asked about once', async () => {
  const confirmation = createConfirmation();
  const changes: boolean[] = [];
  confirmation.subscribe(() => changes.push(confirmation.isAsked()));
  const answers = Promise.all([confirmation.ask(), confirmation.ask()]);
  confirmation.answer(true);
  expect(await answers).toEqual([true, true]);
  expect(changes).toEqual([true, true, false]);
});
