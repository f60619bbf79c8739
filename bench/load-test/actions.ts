import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../standalone/demo/http-user.ts';
import type { LoadTestContext } from './environment.ts';
import type { Behavior, FollowUp, VirtualAgent } from './virtual-agents.ts';

/** An offer that has not ended. */
export interface OpenOffer {
  id: string;
  npn: string;
  referralId: string;
  phase: 'offered' | 'accepted' | 'contacted';
}

/** Answers that a person may get in a race; anything else is a fault of the service. */
const expectedStatuses: ReadonlySet<number> = new Set([200, 201, 202, 204, 409]);

/** What people do, through HTTP and by text. Each throws when it is not answered as a person may be. */
export function createActions({ environment, user, cookies, offerWindowMs }: LoadTestContext) {
  /** Longer than the offer during which it began: whoever is away has a place that nobody may be given. */
  const awayMs = 2 * offerWindowMs;
  const cookieOf = (npn: string) => cookies.get(npn) ?? '';

  return {
    /** What an agent does about an offer, and undoes later. */
    async answer({ id, npn }: OpenOffer, { phone }: VirtualAgent, mood: Behavior): Promise<void> {
      const cookie = cookieOf(npn);
      switch (mood) {
        case 'accept':
          return assertExpected(await user.call('POST', `offers/${id}/acceptance`, { cookie, body: {} }));
        case 'decline':
          return assertExpected(
            await user.call('POST', `offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } }),
          );
        case 'ignore':
          return;
        case 'log-off':
          await override(cookie, 'off');
          await sleep(awayMs);
          return override(cookie, 'on');
        case 'held':
          await ops(npn, 'hold');
          await sleep(awayMs);
          return ops(npn, 'release');
        case 'stop':
          await text(phone, 'STOP');
          await sleep(awayMs);
          return text(phone, 'START');
        case 'leave':
          return assertExpected(await user.call('POST', 'me/departure', { cookie, body: {} }));
      }
    },

    /** What comes of an accepted referral; `token` is its consumer's. */
    async followUp({ npn, referralId }: OpenOffer, token: string, act: FollowUp): Promise<void> {
      switch (act) {
        case 'silent':
          return;
        case 'wrong-number':
          return report(npn, referralId, { outcome: 'wrong-number' });
        case 'handed-back':
          return report(npn, referralId, { outcome: 'handed-back', reason: 'cannot-help' });
        case 'another-asked':
          return wish(referralId, token, 'another-agent');
        case 'enrolled':
        case 'not-a-good-prospect':
          return report(npn, referralId, { outcome: 'contacted' });
      }
    },

    /** The agent who has reached the consumer says what came of it. */
    close: ({ npn, referralId }: OpenOffer, act: FollowUp | undefined): Promise<void> =>
      report(
        npn,
        referralId,
        act === 'not-a-good-prospect'
          ? { outcome: act, reason: 'no-longer-interested' }
          : { outcome: 'enrolled' },
      ),

    withdraw: (referralId: string, token: string): Promise<void> => wish(referralId, token, 'withdrawal'),

    /** The consumer says how to be reached instead of by the wrong number. */
    async correct(referralId: string, token: string): Promise<void> {
      const body = { email: `right.${referralId}@example.org` };
      assertExpected(await user.call('PUT', `referrals/${referralId}/contact`, { bearer: token, body }));
    },
  };

  async function report(npn: string, referralId: string, body: object): Promise<void> {
    const cookie = cookieOf(npn);
    assertExpected(await user.call('POST', `referrals/${referralId}/outcomes`, { cookie, body }));
  }

  async function wish(id: string, token: string, act: 'withdrawal' | 'another-agent'): Promise<void> {
    assertExpected(await user.call('POST', `referrals/${id}/${act}`, { bearer: token, body: {} }));
  }

  async function override(cookie: string, state: 'on' | 'off'): Promise<void> {
    assertExpected(await user.call('PUT', 'me/availability/override', { cookie, body: { state } }));
  }

  async function ops(npn: string, act: 'hold' | 'release'): Promise<void> {
    const body = { reason: 'as it came' };
    assertExpected(
      await user.call('POST', `ops/agents/${npn}/${act}`, { cookie: environment.opsCookie, body }),
    );
  }

  async function text(from: string, words: string): Promise<void> {
    const sent = await fetch(new URL('/texts', environment.mailboxUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, text: words }),
    });
    if (!sent.ok) throw new Error(`A text was answered ${sent.status}`);
  }
}

function assertExpected({ status, body }: Answer<unknown>): void {
  // it may still be recorded; who does not repeat it is one who ignores the offer
  if (expectedStatuses.has(status) || status === 503) return;
  throw new Error(`Somebody was answered ${status}: ${JSON.stringify(body)}`);
}
