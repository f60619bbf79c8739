import { randomUUID } from 'node:crypto';
import type { HttpUser } from '../../standalone/demo/http-user.ts';
import type { Stack } from '../harness/stack.ts';

/** A consumer with unique data, so that tests can search for it. */
export const alma = {
  name: 'Alma Zebulon',
  phone: '+16025550177',
  email: 'alma.zebulon@example.org',
  zip: '85004',
} as const;

export interface SubmittedReferral {
  id: string;
  token: string;
  stage?: string;
}

export interface AgentOffer {
  id: string;
  referralId: string;
  zip: string;
  city: string;
  offeredAt: string;
  expiresAt: string;
}

/** Submits a request for help as the page does. */
export async function askForHelp(user: HttpUser, more: object = {}): Promise<SubmittedReferral> {
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body } = await user.expect<SubmittedReferral>('POST', 'referrals', {
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
  return body.stage === 'unconfirmed' ? confirmContact(user, body, { ...alma, ...more }.email) : body;
}

/** A consumer who has no other open request. */
export const anyConsumer = () => ({ phone: undefined, email: `${randomUUID()}@example.org` });

/** Reads the code that came by mail and enters it. */
async function confirmContact(
  user: HttpUser,
  { id, token }: SubmittedReferral,
  email: string,
): Promise<SubmittedReferral> {
  const isCode = ({ text }: { text: string }) => text.includes(id);
  const { text } = await user.message(email, isCode);
  const [code] = /\b\d{6}\b/.exec(text) ?? [];
  const { body } = await user.expect<SubmittedReferral>('POST', `referrals/${id}/verification`, {
    bearer: token,
    body: { code },
  });
  return body;
}

/** Waits until one of these agents has an offer of this referral, other than those known. */
export function nextOffer<Agent extends { cookie: string }>(
  { user }: Pick<Stack, 'user'>,
  agents: readonly Agent[],
  { id }: SubmittedReferral,
  except: readonly AgentOffer[] = [],
): Promise<{ agent: Agent; offer: AgentOffer }> {
  return user.until('the next offer', async () => {
    for (const agent of agents) {
      const { body } = await user.expect<{ offers: AgentOffer[] }>('GET', 'me/offers', {
        cookie: agent.cookie,
      });
      const offer = body.offers.find(
        (one) => one.referralId === id && !except.some((old) => old.id === one.id),
      );
      if (offer) return { agent, offer };
    }
    return undefined;
  });
}

/** Waits until the consumer's status page shows this stage. */
export function untilReferralStage(
  { user }: Pick<Stack, 'user'>,
  { id, token }: SubmittedReferral,
  stage: string,
) {
  return user.until(`the referral to be ${stage}`, async () => {
    const { body } = await user.expect<{
      stage: string;
      agent?: { name: string; npn: string; license: { number: string } | null };
    }>('GET', `referrals/${id}`, { bearer: token });
    return body.stage === stage ? body : undefined;
  });
}
