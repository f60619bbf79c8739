import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../harness/stack.ts';
import {
  type AgentOffer,
  anyConsumer,
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from './help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from './onboarded-agents.ts';

let stack: Stack;
let agents: OnboardedAgent[];
/** Each round has a referral of its own, because the order of two requests differs from round to round. */
const rounds = [1, 2, 3];

beforeAll(async () => {
  stack = await startStack({ openOffersPerAgent: 2, uncontactedReferralsPerAgent: 1_000 });
  const { onboarded } = newSamplePeople();
  await uploadFeedsNaming(stack, onboarded);
  agents = await onboardAgents(stack, onboarded);
});
afterAll(() => stack.close());

interface Turn {
  agent: OnboardedAgent;
  offer: AgentOffer;
}
interface Answer {
  status: number;
  body: { type?: string; end?: string; at?: string; referralId?: string; consumer?: object };
}

const ask = () => askForHelp(stack.user, anyConsumer());
const accept = ({ agent, offer }: Turn): Promise<Answer> =>
  stack.user.call('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
const decline = ({ agent, offer }: Turn): Promise<Answer> =>
  stack.user.call('POST', `offers/${offer.id}/decline`, {
    cookie: agent.cookie,
    body: { reason: 'too-busy' },
  });
const withdraw = ({ id, token }: SubmittedReferral): Promise<Answer> =>
  stack.user.call('POST', `referrals/${id}/withdrawal`, { bearer: token, body: {} });
const rowOf = ({ offer }: Turn) =>
  stack.db
    .selectFrom('offers')
    .select(['acceptedAt', 'endedAt', 'endedAs'])
    .where('id', '=', offer.id)
    .executeTakeFirstOrThrow();

/** Reads the open offers of a referral; there must never be more than one. */
async function openOffersOf({ id }: SubmittedReferral) {
  const of = stack.db.selectFrom('offers').select(['id', 'acceptedAt']).where('referralId', '=', id);
  return of.where('endedAt', 'is', null).execute();
}

async function contactSeen({ agent, offer }: Turn) {
  const { body } = await stack.user.expect<{ referrals: { id: string; consumer: object | null }[] }>(
    'GET',
    'me/referrals',
    { cookie: agent.cookie },
  );
  return body.referrals.find((one) => one.id === offer.referralId)?.consumer ?? null;
}

/** Creates two referrals that are offered to the same agent. */
async function twoOfOneAgent(): Promise<{ asked: SubmittedReferral[]; turns: Turn[] }> {
  const asked: SubmittedReferral[] = [];
  const turns: Turn[] = [];
  for (;;) {
    const one = await ask();
    const turn = await nextOffer(stack, agents, one);
    const before = turns.findIndex(({ agent }) => agent.npn === turn.agent.npn);
    asked.push(one);
    turns.push(turn);
    if (before >= 0) return { asked, turns };
  }
}

test.each(rounds)('an agent accepts two referrals at once and has both (round %i)', async () => {
  const { asked, turns } = await twoOfOneAgent();
  const last = turns.at(-1) as Turn;
  const both = turns.filter(({ agent }) => agent.npn === last.agent.npn);
  expect(both).toHaveLength(2);
  const answers = await Promise.all(both.map(accept));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(new Set(answers.map(({ body }) => body.referralId))).toEqual(
    new Set(both.map(({ offer }) => offer.referralId)),
  );
  for (const turn of both) {
    expect(await rowOf(turn)).toMatchObject({ acceptedAt: expect.any(Date), endedAt: null });
    expect(await contactSeen(turn)).not.toBeNull();
  }
  for (const one of asked) expect((await withdraw(one)).status).toBe(200);
});

describe('two answers to one offer at once', () => {
  test.each(rounds)('that say the same are one, and so is the next (round %i)', async () => {
    const asked = await ask();
    const turn = await nextOffer(stack, agents, asked);
    const answers = [...(await Promise.all([accept(turn), accept(turn)])), await accept(turn)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await openOffersOf(asked)).toEqual([{ id: turn.offer.id, acceptedAt: expect.any(Date) }]);
    const accepted = await stack.db
      .selectFrom('events')
      .select('kind')
      .where('subjectId', '=', asked.id)
      .where('kind', '=', 'accepted')
      .execute();
    expect(accepted).toHaveLength(1);
    await withdraw(asked);
  });

  test.each(rounds)(
    'that contradict each other: one wins, the other learns what and when (round %i)',
    async (round) => {
      const asked = await ask();
      const turn = await nextOffer(stack, agents, asked);
      const [yes, no] =
        round % 2 === 0
          ? await Promise.all([accept(turn), decline(turn)])
          : await Promise.all([decline(turn), accept(turn)]).then(
              ([second, first]) => [first, second] as const,
            );
      const { acceptedAt, endedAs, endedAt } = await rowOf(turn);
      // the row shows who won, and both answers agree with it
      const won = endedAs === null;
      const at = (won ? acceptedAt : endedAt)?.toISOString();
      const loser = won ? no.body : yes.body;
      const replies = { yes: yes.status, no: no.status, end: loser.end, at: loser.at };
      expect({ endedAs, ...replies }).toEqual(
        won
          ? { endedAs: null, yes: 200, no: 409, at }
          : { endedAs: 'declined', yes: 409, no: 200, end: 'declined', at },
      );
      expect((await contactSeen(turn)) !== null).toBe(won);
      const accepted = (await openOffersOf(asked)).filter((open) => open.acceptedAt);
      expect(accepted).toHaveLength(won ? 1 : 0);
      await withdraw(asked);
    },
  );
});

test.each(rounds)(
  'the agent of an old offer and that of the new one accept at once: the new one has it (round %i)',
  async () => {
    const asked = await ask();
    const old = await nextOffer(stack, agents, asked);
    expect((await decline(old)).status).toBe(200);
    const current = await nextOffer(stack, agents, asked, [old.offer]);
    const [late, right] = await Promise.all([accept(old), accept(current)]);
    expect(late).toMatchObject({ status: 409, body: { end: 'declined' } });
    expect(late.body.at).toBe((await rowOf(old)).endedAt?.toISOString());
    expect(right.status).toBe(200);
    expect(await openOffersOf(asked)).toEqual([{ id: current.offer.id, acceptedAt: expect.any(Date) }]);
    expect(await contactSeen(old)).toBeNull();
    expect(await contactSeen(current)).not.toBeNull();
    await withdraw(asked);
  },
);

describe('an agent accepts while the consumer withdraws', () => {
  const orders = rounds.flatMap((round) => [
    ['acceptance', round],
    ['withdrawal', round],
  ]) as ['acceptance' | 'withdrawal', number][];

  test.each(orders)('%s first: one outcome, and no contact afterwards (round %i)', async (first) => {
    const asked = await ask();
    const turn = await nextOffer(stack, agents, asked);
    const requests =
      first === 'acceptance' ? [accept(turn), withdraw(asked)] : [withdraw(asked), accept(turn)];
    const [one, two] = (await Promise.all(requests)) as [Answer, Answer];
    const [accepting, withdrawing] = first === 'acceptance' ? [one, two] : [two, one];
    // a withdrawal at any moment ends the referral as withdrawn
    expect(withdrawing).toMatchObject({ status: 200, body: { stage: 'withdrawn' } });
    expect(await contactSeen(turn)).toBeNull();
    await untilReferralStage(stack, asked, 'withdrawn');
    const row = await rowOf(turn);
    expect(row.endedAs).toBe('withdrawn');
    expect(await openOffersOf(asked)).toEqual([]);
    // either accepted before the withdrawal, or refused with what happened
    const { status, body } = accepting;
    const ended = { status: 409, end: 'withdrawn', at: row.endedAt?.toISOString() };
    expect({ status, end: body.end, at: body.at }).toEqual(
      row.acceptedAt && status === 200 ? { status: 200 } : ended,
    );
    expect('consumer' in body).toBe(status === 200);
    const again = await accept(turn);
    expect([again.status, again.body.end]).toEqual([409, 'withdrawn']);
  });
});
