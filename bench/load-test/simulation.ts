import { setTimeout as sleep } from 'node:timers/promises';
import { createActions, type OpenOffer } from './actions.ts';
import { type Coverage, createCoverage, hasTakenEffect } from './coverage.ts';
import type { LoadTestContext } from './environment.ts';
import { type Behavior, behaviorOf, type FollowUp, followUpOf, type VirtualAgent } from './virtual-agents.ts';

/** A consumer's own key to the referral, and which of the consumers it is. */
export interface ReferralHandle {
  token: string;
  number: number;
}

/** Who acts on what is open; each thing that can be done about an offer is done once. */
export function createSimulation(stage: LoadTestContext, cast: readonly VirtualAgent[]) {
  const { environment, random, offerWindowMs } = stage;
  const acts = createActions(stage);
  const players = new Map(cast.map((player) => [player.npn, player]));
  const seen = new Set<string>();
  const turns = new Map<string, string[]>();
  const followUps = new Map<string, FollowUp>();
  // nothing of these may be left to a seed
  const firstMoods = createCoverage<Behavior>([
    ...(['held', 'leave', 'stop', 'log-off', 'decline', 'ignore'] as const),
    ...(['accept', 'accept', 'accept', 'accept', 'accept'] as const),
  ]);
  const firstFollowUps = createCoverage<FollowUp>([
    ...(['enrolled', 'silent', 'handed-back', 'wrong-number', 'another-asked'] as const),
  ]);
  const underWay = new Set<Promise<void>>();
  let failed: unknown;

  const begin = (doing: Promise<void>) => {
    const done = doing
      .catch((error: unknown) => {
        failed ??= error;
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const beginOnce = (key: string, doing: () => Promise<void>) => {
    if (seen.has(key)) return;
    seen.add(key);
    begin(doing());
  };

  return {
    /** Looks at what is open and has everybody begin with what they do about it. */
    async act(tickets: ReadonlyMap<string, ReferralHandle>): Promise<void> {
      if (failed) throw failed;
      for (const offer of await openOffers()) {
        const ticket = tickets.get(offer.referralId);
        if (ticket) beginOnce(`${offer.id} ${offer.phase}`, () => react(offer, ticket));
      }
      for (const [id, ticket] of tickets) beginOnce(id, () => consume(id, ticket));
      for (const id of await wrongContacts()) {
        const ticket = tickets.get(id);
        if (ticket && random('corrects', ticket.number) < 0.5)
          beginOnce(`corrects ${id}`, () => acts.correct(id, ticket.token));
      }
    },
    /** Waits until nobody does anything any more. @throws what went wrong for somebody */
    async rest(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
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
    const player = players.get(offer.npn);
    if (!player || player.isUnreachable) return;
    switch (offer.phase) {
      case 'offered':
        return dealtOrChosen(firstMoods, offer, behaviorOf(chance('mood', offer)), (mood) =>
          acts.answer(offer, player, mood),
        );
      case 'accepted':
        return dealtOrChosen(firstFollowUps, offer, followUpOf(chance('follow-up', offer)), (act) => {
          followUps.set(offer.id, act);
          return acts.followUp(offer, token, act);
        });
      case 'contacted':
        await someMoment(offer);
        return acts.close(offer, followUps.get(offer.id));
    }
  }

  /** What is dealt is done at once, and dealt again where it came to nothing; everything else has its moment. */
  async function dealtOrChosen<Thing extends Behavior | FollowUp>(
    deal: Coverage<Thing>,
    offer: OpenOffer,
    chosen: Thing,
    act: (thing: Thing) => Promise<void>,
  ): Promise<void> {
    const dealt = deal.next();
    if (dealt === undefined) {
      await someMoment(offer);
      return act(chosen);
    }
    await act(dealt);
    if (!(await hasTakenEffect(environment.pool, offer.id, dealt))) deal.putBack(dealt);
  }

  /** Somewhere inside the window; a few come too late. */
  async function someMoment(offer: OpenOffer): Promise<void> {
    await sleep(chance('when', offer, offer.phase) * offerWindowMs * 1.05);
  }

  /** Ids are new in every run, so that chance goes by which of an agent's offers it is. */
  function chance(about: string, { npn, id }: OpenOffer, ...more: string[]): number {
    return random(about, npn, turnOf(npn, id), ...more);
  }

  function turnOf(npn: string, offerId: string): number {
    const known = turns.get(npn) ?? [];
    turns.set(npn, known);
    if (!known.includes(offerId)) known.push(offerId);
    return known.indexOf(offerId);
  }

  /** One in twenty withdraws at some moment; the first of all does, whatever chance says. */
  async function consume(id: string, { token, number }: ReferralHandle): Promise<void> {
    if (number > 0 && random('withdraws', number) >= 0.05) return;
    await sleep(random('patience', number) * offerWindowMs * (number > 0 ? 4 : 1));
    await acts.withdraw(id, token);
  }
}
