import { randomUUID } from 'node:crypto';
import type { Visitor } from '../../standalone/demo/http-user.ts';
import type { Stack } from '../harness/stack.ts';

/** A consumer nobody else is: every mark of hers can be looked for. */
export const alma = {
  name: 'Alma Zebulon',
  phone: '+16025550177',
  email: 'alma.zebulon@example.org',
  zip: '85004',
} as const;

export interface Asked {
  id: string;
  token: string;
  stage?: string;
}

export interface OfferView {
  id: string;
  referralId: string;
  zip: string;
  city: string;
  offeredAt: string;
  expiresAt: string;
}

/** Asks for help as the page does. */
export async function askForHelp(visitor: Visitor, more: object = {}): Promise<Asked> {
  const { body: consent } = await visitor.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body } = await visitor.expect<Asked>('POST', 'referrals', {
    headers: { 'idempotency-key': randomUUID() },
    body: {
      ...alma,
      language: 'en',
      coverageYear: 2027,
      need: 'new-coverage',
      adult: true,
      consent: { version: consent.version },
      ...more,
    },
  });
  return body.stage === 'unconfirmed' ? confirmContact(visitor, body, { ...alma, ...more }.email) : body;
}

/** Somebody who has no other request open. */
export const somebody = () => ({ phone: undefined, email: `${randomUUID()}@example.org` });

/** Reads the code that came by mail and enters it. */
async function confirmContact(visitor: Visitor, { id, token }: Asked, email: string): Promise<Asked> {
  const isCode = ({ text }: { text: string }) => text.includes(id);
  const { text } = await visitor.message(email, isCode);
  const [code] = /\b\d{6}\b/.exec(text) ?? [];
  const { body } = await visitor.expect<Asked>('POST', `referrals/${id}/verification`, {
    bearer: token,
    body: { code },
  });
  return body;
}

/** Waits until one of these agents has an offer of this referral, other than those known. */
export function nextOffer<Agent extends { cookie: string }>(
  { visitor }: Pick<Stack, 'visitor'>,
  agents: readonly Agent[],
  { id }: Asked,
  known: readonly OfferView[] = [],
): Promise<{ agent: Agent; offer: OfferView }> {
  return visitor.until('the next offer', async () => {
    for (const agent of agents) {
      const { body } = await visitor.expect<{ offers: OfferView[] }>('GET', 'me/offers', {
        cookie: agent.cookie,
      });
      const offer = body.offers.find(
        (one) => one.referralId === id && !known.some((old) => old.id === one.id),
      );
      if (offer) return { agent, offer };
    }
    return undefined;
  });
}

/** Waits until the consumer's status page says this stage. */
export function untilReferral({ visitor }: Pick<Stack, 'visitor'>, { id, token }: Asked, stage: string) {
  return visitor.until(`the referral to be ${stage}`, async () => {
    const { body } = await visitor.expect<{
      stage: string;
      agent?: { name: string; npn: string; license: { number: string } | null };
    }>('GET', `referrals/${id}`, { bearer: token });
    return body.stage === stage ? body : undefined;
  });
}
