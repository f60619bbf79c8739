import { setTimeout as sleep } from 'node:timers/promises';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';
import { secondsOf } from '../figures.ts';
import type { OutageEnvironment } from './environment.ts';
import type { Outage } from './outages.ts';
import type { InboxOffer, People, Request, WorkingAgent } from './people.ts';

/** An offer of a request with the agent who has it. */
interface FoundOffer {
  agent: WorkingAgent;
  offer: InboxOffer;
}

export interface RoundResult {
  /** Seconds from the end of the outage until every request had an agent. */
  untilAllHelped: number;
  /** Answers that contradict the rows. */
  untrueAnswers: string[];
  /** The agents who were onboarded in the round. */
  newcomers: WorkingAgent[];
}

/** Requests that come in the moment before an outage, so that it meets some in the middle of their first search. */
const burst = 4;

interface RoundOptions {
  people: People;
  agents: readonly WorkingAgent[];
  /** One agent who is invited before the outage, and one who comes with a feed during it. */
  newcomers: readonly [SamplePerson, SamplePerson];
  outageMs: number;
}

/**
 * Plays one outage. When it begins, some consumers are just asking, one offer is unanswered, one is just being accepted, one
 * request is accepted, and one is contacted; an invitation is unanswered. During it a consumer asks, an agent accepts, an agent reports the outcome, and
 * a feed comes. All of them repeat what was not answered. Afterwards agents accept whatever they are offered.
 */
export async function playRound(
  environment: OutageEnvironment,
  outage: Outage,
  { people, agents, newcomers: [early, late], outageMs }: RoundOptions,
): Promise<RoundResult> {
  await people.addToFeeds([early]);
  await people.untilInvited(early);
  const contacted = await people.ask();
  const helper = await acceptedBy(people, environment, agents, contacted);
  await report(people, helper.agent, contacted, 'contacted');
  const accepted = await people.ask();
  await acceptedBy(people, environment, agents, accepted);
  const unanswered = await people.ask();
  await offerOf(people, environment, agents, unanswered);
  const answeredLate = await people.ask();
  const answering = await offerOf(people, environment, agents, answeredLate);
  const justAsked = Array.from({ length: burst }, () => people.ask());
  await Promise.race(justAsked);

  await outage.begin(environment);
  const during = Promise.all([
    people.ask(),
    accept(people, answering),
    report(people, helper.agent, contacted, 'enrolled'),
    people.addToFeeds([late]),
  ]);
  during.catch(() => undefined);
  try {
    await sleep(outageMs);
  } finally {
    await outage.end(environment);
  }

  const requests: Request[] = [contacted, accepted, unanswered, answeredLate];
  const untrueAnswers: string[] = [];
  const helping = new AbortController();
  const helpers = acceptEverything(people, agents, helping.signal);
  try {
    const untilAllHelped = await secondsOf(async () => {
      const [asked, acceptance] = await during;
      requests.push(asked, ...(await Promise.all(justAsked)));
      if (acceptance === 200 && !(await isAccepted(environment, answering.offer.id)))
        untrueAnswers.push(`the acceptance of ${answering.offer.id} was answered 200 and is not recorded`);
      for (const request of requests) await untilHelped(people, request);
    });
    const onboarded = await Promise.all([early, late].map((person) => people.register(person)));
    for (const request of requests) await finish(environment, people, [...agents, ...onboarded], request);
    return { untilAllHelped, untrueAnswers, newcomers: onboarded };
  } finally {
    helping.abort();
    await helpers;
  }
}

/**
 * Waits for the offer of a request. Reads the row, because an agent who sees the offer in their inbox has been reached,
 * whatever becomes of its mail.
 */
function offerOf(
  { user }: People,
  { pool }: OutageEnvironment,
  agents: readonly WorkingAgent[],
  { id }: Request,
): Promise<FoundOffer> {
  return user.until('an offer', async () => {
    const { rows } = await pool.query<{ id: string; npn: string }>(
      'select id, npn from offers where referral_id = $1 and ended_at is null',
      [id],
    );
    const agent = agents.find(({ npn }) => npn === rows[0]?.npn);
    return agent && rows[0] ? { agent, offer: { id: rows[0].id, referralId: id } } : undefined;
  });
}

async function accept(people: People, { agent, offer }: FoundOffer): Promise<number> {
  const { cookie } = agent;
  return (await people.persist('POST', `offers/${offer.id}/acceptance`, { cookie, body: {} })).status;
}

async function acceptedBy(
  people: People,
  environment: OutageEnvironment,
  agents: readonly WorkingAgent[],
  request: Request,
): Promise<FoundOffer> {
  const found = await offerOf(people, environment, agents, request);
  const status = await accept(people, found);
  if (status !== 200) throw new Error(`An acceptance was answered ${status}`);
  return found;
}

async function report(
  people: People,
  { cookie }: WorkingAgent,
  { id }: Request,
  outcome: 'contacted' | 'enrolled',
): Promise<number> {
  return (await people.persist('POST', `referrals/${id}/outcomes`, { cookie, body: { outcome } })).status;
}

/** Has agents accept every offer that they get, until it is aborted. */
async function acceptEverything(
  people: People,
  agents: readonly WorkingAgent[],
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    for (const agent of agents)
      for (const offer of await people.offersOf(agent)) await accept(people, { agent, offer });
    await sleep(250);
  }
}

function untilHelped(people: People, { id, token }: Request): Promise<true> {
  return people.user.until('an agent for every request', async () => {
    const answer = await people.user
      .call<{ stage: string }>('GET', `referrals/${id}`, { bearer: token })
      .catch(() => undefined);
    return ['accepted', 'contacted', 'closed'].includes(answer?.body.stage ?? '') ? true : undefined;
  });
}

async function isAccepted({ pool }: OutageEnvironment, offerId: string): Promise<boolean> {
  const { rows } = await pool.query<{ is: boolean }>(
    'select accepted_at is not null as is from offers where id = $1',
    [offerId],
  );
  return rows[0]?.is ?? false;
}

/** Has the agent who accepted a request report contact and enrollment, so that it closes. */
async function finish(
  { pool }: OutageEnvironment,
  people: People,
  agents: readonly WorkingAgent[],
  request: Request,
): Promise<void> {
  await people.user.until('every request to close', async () => {
    const { rows } = await pool.query<{ npn: string | null; closed: boolean; contacted: boolean }>(
      `select r.closed_at is not null as closed, o.npn, o.contacted_at is not null as contacted
       from referrals r left join offers o on o.referral_id = r.id and o.ended_at is null and o.accepted_at is not null
       where r.id = $1`,
      [request.id],
    );
    const [row] = rows;
    if (row?.closed) return true;
    const agent = agents.find(({ npn }) => npn === row?.npn);
    if (agent) await report(people, agent, request, row?.contacted ? 'enrolled' : 'contacted');
    return undefined;
  });
}
