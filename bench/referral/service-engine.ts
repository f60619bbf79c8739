import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { HttpUser } from '../../standalone/demo/http-user.ts';
import { referralWorkflowId } from '../../workflows/messages.ts';
import { referralRequest } from '../load-test/run-load-test.ts';
import { keyedRandom } from '../load-test/virtual-agents.ts';
import type { Engine } from './engine.ts';
import { type OpenOffer, watchOffers } from './offer-watch.ts';

/** A referral of the service, with its open offer. */
export interface AskedReferral {
  referralId: string;
  offer: OpenOffer;
}

/** The service through HTTP: what consumers and agents of the benchmark do. */
export interface ServiceEngine extends Engine<AskedReferral> {
  /** Asks for help at a ZIP code, and waits for no offer. @returns the id of the referral */
  request: (number: number, zip: string) => Promise<string>;
  /** Declines the open offer. @returns the referral with its next one */
  decline: (asked: AskedReferral) => Promise<AskedReferral>;
  /** Reports an outcome as the agent who accepted. */
  report: (asked: AskedReferral, outcome: 'contacted' | 'enrolled') => Promise<void>;
}

/** Where every agent of the benchmark serves. */
const servedZip = '85004';
const random = keyedRandom(1);

/** @param cookies the agents' session cookies, by NPN */
export async function createServiceEngine({
  pool,
  user,
  cookies,
}: {
  pool: Pool;
  user: HttpUser;
  cookies: ReadonlyMap<string, string>;
}): Promise<ServiceEngine> {
  const offerOf = watchOffers(pool);
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const cookieOf = ({ offer }: AskedReferral) => cookies.get(offer.npn) ?? '';
  const request: ServiceEngine['request'] = async (number, zip) => {
    const { body } = await user.expect<{ id: string }>('POST', 'referrals', {
      headers: { 'idempotency-key': randomUUID() },
      body: { ...referralRequest(number, random, consent.version), zip, language: 'en' },
    });
    return body.id;
  };
  return {
    request,
    async ask(number) {
      const referralId = await request(number, servedZip);
      return { referralId, offer: await offerOf(referralId) };
    },
    async accept(asked) {
      for (;;) {
        const startedAt = performance.now();
        const path = `offers/${asked.offer.id}/acceptance`;
        const { status } = await user.call('POST', path, { cookie: cookieOf(asked), body: {} });
        if (status === 200) return performance.now() - startedAt;
        if (status !== 409 && status !== 503) throw new Error(`An acceptance was answered ${status}`);
      }
    },
    async decline(asked) {
      const path = `offers/${asked.offer.id}/decline`;
      await user.expect('POST', path, { cookie: cookieOf(asked), body: { reason: 'too-busy' } });
      return { ...asked, offer: await offerOf(asked.referralId) };
    },
    async report(asked, outcome) {
      const path = `referrals/${asked.referralId}/outcomes`;
      await user.expect('POST', path, { cookie: cookieOf(asked), body: { outcome } });
    },
    workflowIdOf: referralWorkflowId,
  };
}
