import { setTimeout as sleep } from 'node:timers/promises';
import { createActions, type OpenOffer } from './actions.ts';
import { type Coverage, createCoverage, hasTakenEffect } from './coverage.ts';
import type { LoadTestContext } from './environment.ts';
import { type Behavior, behaviorOf, type FollowUp, followUpOf, type VirtualAgent } from './virtual-agents.ts';

/** A consumer's token for the referral, and the consumer's number. */
export interface ReferralHandle {
  token: string;
  number: number;
}

/** Creates the simulation: agents and consumers act on open offers and referrals, once per offer phase and referral. */
export function createSimulation(context: LoadTestContext, virtualAgents: readonly VirtualAgent[]) {
  const { environment, random, offerWindowMs } = context;
  const actions = createActions(context);
  const agentsByNpn = new Map(virtualAgents.map((agent) => [agent.npn, agent]));
  const handled = new Set<string>();
  const offersByNpn = new Map<string, string[]>();
  const followUps = new Map<string, FollowUp>();
  // these happen with every seed
  const requiredBehaviors = createCoverage<Behavior>([
    ...(['held', 'leave', 'stop', 'log-off', 'decline', 'ignore'] as const),
    ...(['accept', 'accept', 'accept', 'accept', 'accept'] as const),
  ]);
  const requiredFollowUps = createCoverage<FollowUp>([
    ...(['enrolled', 'silent', 'handed-back', 'wrong-number', 'another-asked'] as const),
  ]);
  const inProgress = new Set<Promise<void>>();
  let failed: unknown;

  const track = (work: Promise<void>) => {
    const done = work
      .catch((error: unknown) => {
        failed ??= error;
      })
      .finally(() => inProgress.delete(done));
    inProgress.add(done);
  };
  const startOnce = (key: string, work: () => Promise<void>) => {
    if (handled.has(key)) return;
    handled.add(key);
    track(work());
  };

  return {
    /** Reads what is open and starts the actions on it. */
    async act(handles: ReadonlyMap<string, ReferralHandle>): Promise<void> {
      if (failed) throw failed;
      for (const offer of await openOffers()) {
        const handle = handles.get(offer.referralId);
        if (handle) startOnce(`${offer.id} ${offer.phase}`, () => react(offer, handle));
      }
      for (const [id, handle] of handles) startOnce(id, () => actAsConsumer(id, handle));
      for (const id of await wrongContacts()) {
        const handle = handles.get(id);
        if (handle && random('corrects', handle.number) < 0.5)
          startOnce(`corrects ${id}`, () => actions.correct(id, handle.token));
      }
    },
    /** Waits until all actions are done. @throws the first error of an action */
    async finish(): Promise<void> {
      while (inProgress.size > 0) await Promise.all(inProgress);
      if (failed) throw failed;
    },
  };

  async function openOffers(): Promise<OpenOffer[]> {
    const { rows } = await environment.pool.query<OpenOffer>(
      `select id, npn, referral_id as "referralId",
              case when contacted_at is not null then 'contacted'
                   when accepted_at is not null then 'accepted' else 'offered' end as phase
       from offers where ended_at is null`,
    );
    return rows;
  }

  async function wrongContacts(): Promise<string[]> {
    const { rows } = await environment.pool.query<{ id: string }>(
      'select id from referrals where contact_wrong_at is not null and closed_at is null',
    );
    return rows.map(({ id }) => id);
  }

  async function react(offer: OpenOffer, { token }: ReferralHandle): Promise<void> {
    const agent = agentsByNpn.get(offer.npn);
    if (!agent || agent.isUnreachable) return;
    switch (offer.phase) {
      case 'offered':
        return requiredOrRandom(requiredBehaviors, offer, behaviorOf(chance('mood', offer)), (behavior) =>
          actions.answer(offer, agent, behavior),
        );
      case 'accepted':
        return requiredOrRandom(
          requiredFollowUps,
          offer,
          followUpOf(chance('follow-up', offer)),
          (followUp) => {
            followUps.set(offer.id, followUp);
            return actions.followUp(offer, token, followUp);
          },
        );
      case 'contacted':
        await randomDelay(offer);
        return actions.close(offer, followUps.get(offer.id));
    }
  }

  /** Runs a required action at once, and puts it back if it had no effect. Otherwise runs the random action later. */
  async function requiredOrRandom<Action extends Behavior | FollowUp>(
    coverage: Coverage<Action>,
    offer: OpenOffer,
    chosen: Action,
    act: (action: Action) => Promise<void>,
  ): Promise<void> {
    const required = coverage.next();
    if (required === undefined) {
      await randomDelay(offer);
      return act(chosen);
    }
    await act(required);
    if (!(await hasTakenEffect(environment.pool, offer.id, required))) coverage.putBack(required);
  }

  /** Waits for a random part of the offer window. A few waits are longer than the window, so that the action is late. */
  async function randomDelay(offer: OpenOffer): Promise<void> {
    await sleep(chance('when', offer, offer.phase) * offerWindowMs * 1.05);
  }

  /** Draws a random number for an offer. Ids differ in every run, so it is keyed by the agent's count of offers. */
  function chance(about: string, { npn, id }: OpenOffer, ...more: string[]): number {
    return random(about, npn, offerIndexOf(npn, id), ...more);
  }

  function offerIndexOf(npn: string, offerId: string): number {
    const offers = offersByNpn.get(npn) ?? [];
    offersByNpn.set(npn, offers);
    if (!offers.includes(offerId)) offers.push(offerId);
    return offers.indexOf(offerId);
  }

  /** Acts as a consumer: one in twenty withdraws at a random time, and the first one at once, before anything else can happen. */
  async function actAsConsumer(id: string, { token, number }: ReferralHandle): Promise<void> {
    if (number > 0 && random('withdraws', number) >= 0.05) return;
    if (number > 0) await sleep(random('patience', number) * offerWindowMs * 4);
    await actions.withdraw(id, token);
  }
}
