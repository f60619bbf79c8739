import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { HttpUser } from '../../standalone/demo/http-user.ts';
import type { People } from '../../standalone/sample/cascade.ts';
import type { WorldRequest } from './world.ts';

interface LiveOffer {
  id: string;
  npn: string;
  referralId: string;
  offeredAt: Date;
  acceptedAt: Date | null;
}

interface LiveRest {
  id: string;
  npn: string;
  /** Of the request whose offer began it. */
  referralId: string;
  beganAt: Date;
}

interface LivePeopleDeps {
  user: HttpUser;
  pool: Pool;
  people: People<WorldRequest>;
  /** The agents' session cookies, by NPN. */
  cookies: ReadonlyMap<string, string>;
}

/** Milliseconds between two looks at what is open. */
const lookEveryMs = 100;

/** Has people of a simulated world act on a service that runs: on each offer as they would there, at the same instants. */
export function createLivePeople({ user, pool, people, cookies }: LivePeopleDeps) {
  const numbers = new Map<string, number>();
  const handled = new Set<string>();
  const running = new Set<Promise<void>>();
  const goingHome = new AbortController();
  // one for each person who waits
  setMaxListeners(0, goingHome.signal);
  let failed: unknown;

  return {
    /** Names the number of a referral, by which its agents behave. */
    know: (referralId: string, number: number): void => void numbers.set(referralId, number),
    numbers: (): ReadonlyMap<string, number> => numbers,
    /** Acts until an instant, in milliseconds since 1970. @throws the first error of an action */
    async actUntil(instant: number): Promise<void> {
      do {
        if (failed) throw failed;
        for (const offer of await openOffers()) startOnce(offer);
        for (const rest of await openRests())
          if (isDue(rest)) start(rest.id, () => post('me/availability/confirmation', rest.npn, {}));
        await sleep(Math.max(0, Math.min(lookEveryMs, instant - Date.now())));
      } while (Date.now() < instant);
    },
    /** Waits until every action that has begun is done. What people meant to do later, they do no more. */
    async finish(): Promise<void> {
      goingHome.abort();
      await Promise.all(running);
      if (failed) throw failed;
    },
  };

  async function openOffers(): Promise<LiveOffer[]> {
    const { rows } = await pool.query<LiveOffer>(`
      select id, npn, referral_id as "referralId", offered_at as "offeredAt", accepted_at as "acceptedAt"
      from offers where ended_at is null and contacted_at is null`);
    return rows;
  }

  async function openRests(): Promise<LiveRest[]> {
    const { rows } = await pool.query<LiveRest>(`
      select r.id, r.npn, r.began_at as "beganAt", n.referral_id as "referralId"
      from rests r join notices n on n.dedupe_key = 'hours-question ' || r.id where r.ended_at is null`);
    return rows;
  }

  /** Whether the agent would now say that their hours hold. */
  function isDue({ npn, referralId, beganAt: at }: LiveRest): boolean {
    const number = numbers.get(referralId);
    if (number === undefined) return false;
    const afterMs = people.confirmHoursAfterMs({ request: { number } as WorldRequest, npn, at });
    return afterMs !== undefined && at.getTime() + afterMs <= Date.now();
  }

  function startOnce(offer: LiveOffer): void {
    const number = numbers.get(offer.referralId);
    if (number === undefined) return;
    const request = { number } as WorldRequest;
    const act = () => (offer.acceptedAt ? call(offer, request) : answer(offer, request));
    start(`${offer.id} ${offer.acceptedAt !== null}`, act);
  }

  /** Starts what somebody does, unless it has been started. */
  function start(key: string, act: () => Promise<void>): void {
    if (handled.has(key)) return;
    handled.add(key);
    const work = act()
      .catch((error: unknown) => {
        failed ??= error;
      })
      .finally(() => running.delete(work));
    running.add(work);
  }

  async function answer({ id, npn, offeredAt }: LiveOffer, request: WorldRequest): Promise<void> {
    const planned = people.answer({ request, npn, messagesBefore: 0, at: offeredAt });
    if (!planned) return;
    if (!(await isStillHereAt(offeredAt.getTime() + planned.afterMs))) return;
    const [path, body] = planned.as === 'accepted' ? ['acceptance', {}] : ['decline', { reason: 'too-busy' }];
    await post(`offers/${id}/${path}`, npn, body);
  }

  async function call({ npn, referralId, acceptedAt }: LiveOffer, request: WorldRequest): Promise<void> {
    const afterMs = people.callAfterMs({ request, npn });
    if (!acceptedAt || afterMs === undefined) return;
    if (!(await isStillHereAt(acceptedAt.getTime() + afterMs))) return;
    await post(`referrals/${referralId}/outcomes`, npn, { outcome: 'contacted' });
  }

  /** Waits until an instant. @returns false if everybody has gone home by then */
  async function isStillHereAt(instant: number): Promise<boolean> {
    const { signal } = goingHome;
    await sleep(Math.max(0, instant - Date.now()), undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  async function post(path: string, npn: string, body: object): Promise<void> {
    const { status } = await user.call('POST', path, { cookie: cookies.get(npn) ?? '', body });
    // 409: the offer ended before the answer came
    if (status >= 300 && status !== 409) throw new Error(`${path} was answered ${status}`);
  }
}
