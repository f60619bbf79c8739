import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Visitor } from '../../standalone/visitor.ts';
import { type Dice, followUpOf, moodOf, type Player } from './cast.ts';
import type { Theater } from './play.ts';

/** What everybody who plays stands on. */
export interface Stage {
  theater: Theater;
  visitor: Visitor;
  dice: Dice;
  /** Of the agents, by NPN. */
  cookies: ReadonlyMap<string, string>;
  offerWindowMs: number;
}

interface OpenOffer {
  id: string;
  npn: string;
  referralId: string;
  phase: 'offered' | 'accepted' | 'contacted';
}

/** Answers that a person may get in a race; anything else is a fault of the service. */
const fairAnswers: ReadonlySet<number> = new Set([200, 201, 202, 204, 409]);

/** Who acts on what is open; each thing that can be done about an offer is done once. */
export function createPlayers(
  { theater, visitor, dice, cookies, offerWindowMs }: Stage,
  cast: readonly Player[],
) {
  const players = new Map(cast.map((player) => [player.npn, player]));
  const seen = new Set<string>();
  const turns = new Map<string, string[]>();
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

  return {
    /** Looks at what is open and has everybody begin with what they do about it. */
    async act(tokens: ReadonlyMap<string, string>): Promise<void> {
      if (failed) throw failed;
      for (const offer of await openOffers()) {
        const key = `${offer.id} ${offer.phase}`;
        if (seen.has(key)) continue;
        seen.add(key);
        begin(react(offer));
      }
      for (const [id, token] of tokens) {
        if (seen.has(id)) continue;
        seen.add(id);
        begin(consume(id, token, [...tokens.keys()].indexOf(id)));
      }
      for (const id of await wrongContacts()) {
        const token = tokens.get(id);
        if (token === undefined || seen.has(`corrects ${id}`)) continue;
        seen.add(`corrects ${id}`);
        if (dice('corrects', id) < 0.5) begin(correct(id, token));
      }
    },
    /** Waits until nobody does anything any more. @throws what went wrong for somebody */
    async rest(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
      if (failed) throw failed;
    },
  };

  async function openOffers(): Promise<OpenOffer[]> {
    const { rows } = await theater.pool.query<OpenOffer>(
      `select id, npn, referral_id as "referralId",
              case when contacted_at is not null then 'contacted'
                   when accepted_at is not null then 'accepted' else 'offered' end as phase
       from offers where ended_at is null`,
    );
    return rows;
  }

  async function wrongContacts(): Promise<string[]> {
    const { rows } = await theater.pool.query<{ id: string }>(
      'select id from referrals where contact_wrong_at is not null and closed_at is null',
    );
    return rows.map(({ id }) => id);
  }

  async function react(offer: OpenOffer): Promise<void> {
    const { npn, phase } = offer;
    const turn = turnOf(npn, offer.id);
    // somewhere inside the window; a few come too late
    await sleep(dice('when', npn, turn, phase) * offerWindowMs * 1.05);
    if (phase === 'offered') return answer(offer);
    if (phase === 'accepted') return followUp(offer);
    return close(offer);
  }

  /** Which of an agent's offers it is: chance goes by it, because ids are new in every run. */
  function turnOf(npn: string, offerId: string): number {
    const known = turns.get(npn) ?? [];
    turns.set(npn, known);
    if (!known.includes(offerId)) known.push(offerId);
    return known.indexOf(offerId);
  }

  async function answer({ id, npn }: OpenOffer): Promise<void> {
    const player = players.get(npn);
    const cookie = cookies.get(npn);
    if (!player || !cookie || player.isGone) return;
    switch (moodOf(dice('mood', npn, turnOf(npn, id)))) {
      case 'accept':
        return fair(await visitor.call('POST', `offers/${id}/acceptance`, { cookie, body: {} }));
      case 'decline':
        return fair(
          await visitor.call('POST', `offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } }),
        );
      case 'ignore':
        return;
      case 'log-off':
        await override(cookie, 'off');
        await sleep(offerWindowMs);
        return override(cookie, 'on');
      case 'held':
        await ops(npn, 'hold');
        await sleep(offerWindowMs);
        return ops(npn, 'release');
      case 'stop':
        await text(player.phone, 'STOP');
        await sleep(offerWindowMs);
        return text(player.phone, 'START');
    }
  }

  async function followUp({ id, npn, referralId }: OpenOffer): Promise<void> {
    const cookie = cookies.get(npn) ?? '';
    const report = async (body: object) =>
      fair(await visitor.call('POST', `referrals/${referralId}/outcomes`, { cookie, body }));
    switch (followUpOf(dice('follow-up', npn, turnOf(npn, id)))) {
      case 'silent':
        return;
      case 'wrong-number':
        return report({ outcome: 'wrong-number' });
      case 'handed-back':
        return report({ outcome: 'handed-back', reason: 'cannot-help' });
      case 'enrolled':
      case 'not-a-good-prospect':
        return report({ outcome: 'contacted' });
    }
  }

  async function close({ id, npn, referralId }: OpenOffer): Promise<void> {
    const cookie = cookies.get(npn) ?? '';
    const body =
      followUpOf(dice('follow-up', npn, turnOf(npn, id))) === 'not-a-good-prospect'
        ? { outcome: 'not-a-good-prospect', reason: 'no-longer-interested' }
        : { outcome: 'enrolled' };
    fair(await visitor.call('POST', `referrals/${referralId}/outcomes`, { cookie, body }));
  }

  /** One in twenty withdraws at some moment, one in twenty wants another agent. */
  async function consume(id: string, token: string, number: number): Promise<void> {
    const wish = dice('wish', number);
    if (wish >= 0.1) return;
    await sleep(dice('patience', number) * offerWindowMs * 4);
    const act = wish < 0.05 ? 'withdrawal' : 'another-agent';
    fair(await visitor.call('POST', `referrals/${id}/${act}`, { bearer: token, body: {} }));
  }

  async function correct(id: string, token: string): Promise<void> {
    fair(
      await visitor.call('PUT', `referrals/${id}/contact`, {
        bearer: token,
        body: { email: `right.${id}@example.org` },
      }),
    );
  }

  async function override(cookie: string, state: 'on' | 'off'): Promise<void> {
    fair(await visitor.call('PUT', 'me/availability/override', { cookie, body: { state } }));
  }

  async function ops(npn: string, act: 'hold' | 'release'): Promise<void> {
    const body = { reason: 'as it came' };
    fair(await visitor.call('POST', `ops/agents/${npn}/${act}`, { cookie: theater.opsCookie, body }));
  }

  async function text(from: string, words: string): Promise<void> {
    const sent = await fetch(new URL('/texts', theater.outboxUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, text: words }),
    });
    if (!sent.ok) throw new Error(`A text was answered ${sent.status}`);
  }

  function fair({ status, body }: Answer<unknown>): void {
    // it may still be recorded; who does not repeat it is one who ignores the offer
    if (fairAnswers.has(status) || status === 503) return;
    throw new Error(`Somebody was answered ${status}: ${JSON.stringify(body)}`);
  }
}
