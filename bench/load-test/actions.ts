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

/** Statuses that a person may get in a race. Any other status is a fault of the service. */
const expectedStatuses: ReadonlySet<number> = new Set([200, 201, 202, 204, 409]);

/** Creates the actions of agents and consumers, through HTTP and by text. Each throws on an unexpected status. */
export function createActions({ environment, user, cookies, offerWindowMs }: LoadTestContext) {
  /** Longer than an offer, so that agents are still unavailable when they would otherwise get the next offer. */
  const awayMs = 2 * offerWindowMs;
  const cookieOf = (npn: string) => cookies.get(npn) ?? '';

  return {
    /** Reacts to an offer as an agent, and undoes a temporary reaction later. */
    async answer({ id, npn }: OpenOffer, { phone }: VirtualAgent, behavior: Behavior): Promise<void> {
      const cookie = cookieOf(npn);
      switch (behavior) {
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

    /** Follows up on an accepted referral. @param token the consumer's token */
    async followUp({ npn, referralId }: OpenOffer, token: string, followUp: FollowUp): Promise<void> {
      switch (followUp) {
        case 'silent':
          return;
        case 'wrong-number':
          return report(npn, referralId, { outcome: 'wrong-number' });
        case 'handed-back':
          return report(npn, referralId, { outcome: 'handed-back', reason: 'cannot-help' });
        case 'another-asked':
          await requestAsConsumer(referralId, token, 'another-agent');
          return;
        case 'enrolled':
        case 'not-a-good-prospect':
          return report(npn, referralId, { outcome: 'contacted' });
      }
    },

    /** Reports the final outcome as the agent who has reached the consumer. */
    close: ({ npn, referralId }: OpenOffer, followUp: FollowUp | undefined): Promise<void> =>
      report(
        npn,
        referralId,
        followUp === 'not-a-good-prospect'
          ? { outcome: followUp, reason: 'no-longer-interested' }
          : { outcome: 'enrolled' },
      ),

    /** Withdraws as the consumer, who presses the button again while the service cannot say that it was heard. */
    async withdraw(referralId: string, token: string): Promise<void> {
      while ((await requestAsConsumer(referralId, token, 'withdrawal')) === 503) await sleep(1_000);
    },

    /** Corrects a wrong number as the consumer. */
    async correct(referralId: string, token: string): Promise<void> {
      const body = { email: `right.${referralId}@example.org` };
      assertExpected(await user.call('PUT', `referrals/${referralId}/contact`, { bearer: token, body }));
    },
  };

  async function report(npn: string, referralId: string, body: object): Promise<void> {
    const cookie = cookieOf(npn);
    assertExpected(await user.call('POST', `referrals/${referralId}/outcomes`, { cookie, body }));
  }

  async function requestAsConsumer(
    id: string,
    token: string,
    request: 'withdrawal' | 'another-agent',
  ): Promise<number> {
    const answer = await user.call('POST', `referrals/${id}/${request}`, { bearer: token, body: {} });
    assertExpected(answer);
    return answer.status;
  }

  async function override(cookie: string, state: 'on' | 'off'): Promise<void> {
    assertExpected(await user.call('PUT', 'me/availability/override', { cookie, body: { state } }));
  }

  async function ops(npn: string, action: 'hold' | 'release'): Promise<void> {
    const body = { reason: 'load test' };
    assertExpected(
      await user.call('POST', `ops/agents/${npn}/${action}`, { cookie: environment.opsCookie, body }),
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
  // after a 503 the request may or may not be recorded; an agent who does not repeat it ignores the offer
  if (expectedStatuses.has(status) || status === 503) return;
  throw new Error(`Unexpected status ${status}: ${JSON.stringify(body)}`);
}
