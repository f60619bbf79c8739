import { randomUUID } from 'node:crypto';
import { uploadFeeds } from '../sample/feed-files.ts';
import { generateFeeds } from '../sample/generate.ts';
import { type SamplePerson, samplePeople } from '../sample/sample-agents.ts';
import type { Visitor } from './http-user.ts';
import { acceptAgentTerms, logIn, newPassword, signUp, tokenIn, untilStage } from './onboard-agent.ts';

export interface Stage {
  visitor: Visitor;
  apiUrl: string;
  feedsKey: string;
  /** Where the sample feeds are written to. */
  directory: string;
}

interface OfferView {
  id: string;
  referralId: string;
  zip: string;
}

/**
 * The story, played through HTTP and the mail alone: three agents come aboard, a fourth lets the link die and asks
 * for another; a consumer asks for help, the first agent is silent, the second declines, the third accepts, calls
 * and enrolls. @throws as soon as it goes otherwise
 */
export async function playStory(stage: Stage): Promise<void> {
  const { visitor, directory } = stage;
  const people = [...samplePeople.aboard, samplePeople.invited];
  // one plan year each, so that every line is one step of the story
  const named = people.map((person) => ({ ...person, newToMarketplace: true }));
  const files = await generateFeeds({ directory, seed: 7, agents: 0, named });
  await uploadFeeds(files, stage);
  // in one `all`, so that no branch fails unheard when another has failed before it
  await Promise.all([
    askAgain(visitor, samplePeople.invited.email),
    Promise.all(samplePeople.aboard.map((person) => comeAboard(visitor, person))).then((cookies) =>
      helped(visitor, cookies),
    ),
  ]);
}

/** A consumer finds help with the third agent: the first is silent, the second declines. */
async function helped(visitor: Visitor, aboard: readonly string[]): Promise<void> {
  const [silent = '', busy = '', willing = ''] = aboard;
  const request = await askForHelp(visitor);
  const first = await offerOf(visitor, silent);
  await declineIt(visitor, busy);
  await refuseLate(visitor, silent, first);
  const { id: offerId } = await offerOf(visitor, willing);
  const { body } = await visitor.expect<{ consumer: { name: string } }>(
    'POST',
    `offers/${offerId}/acceptance`,
    {
      cookie: willing,
      body: {},
    },
  );
  expectThat('the accepting agent sees whom to call', body.consumer.name === request.name);
  await report(visitor, willing, request.id, { outcome: 'contacted' });
  await report(visitor, willing, request.id, { outcome: 'enrolled' });
  await visitor.until('the referral to close', async () => {
    const status = await visitor.expect<{ stage: string }>('GET', `referrals/${request.id}`, {
      bearer: request.token,
    });
    return status.body.stage === 'closed' ? true : undefined;
  });
}

async function comeAboard(visitor: Visitor, person: SamplePerson): Promise<string> {
  const { email, username, phone, zip, contactPreference } = person;
  const newcomer = { email, username, password: newPassword(), phone, zip, contactPreference };
  await signUp(visitor, newcomer, tokenIn(await visitor.message(email)));
  const cookie = await logIn(visitor, newcomer);
  await acceptAgentTerms(visitor, cookie);
  await untilStage(visitor, cookie, 'active');
  return cookie;
}

/** The link of an invitation dies unused, and brings a new one. */
async function askAgain(visitor: Visitor, email: string): Promise<void> {
  const first = tokenIn(await visitor.message(email));
  await visitor.until('the link to die', async () => {
    const { status } = await visitor.call('POST', 'invitations/lookup', { body: { token: first } });
    return status === 410 ? true : undefined;
  });
  await visitor.expect('POST', 'invitations/renewal', { body: { token: first } });
  const again = await visitor.message(
    email,
    (mail) => /\/register#/.test(mail.text) && tokenIn(mail) !== first,
  );
  await visitor.expect('POST', 'invitations/lookup', { body: { token: tokenIn(again) } });
}

async function askForHelp(visitor: Visitor): Promise<{ id: string; token: string; name: string }> {
  const name = 'Alma Reyes';
  const { body: consent } = await visitor.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body } = await visitor.expect<{ id: string; token: string }>('POST', 'referrals', {
    headers: { 'idempotency-key': randomUUID() },
    body: {
      name,
      phone: '+16025550177',
      email: 'alma.reyes@example.org',
      zip: '85004',
      language: 'en',
      coverageYear: new Date().getFullYear() + 1,
      need: 'new-coverage',
      adult: true,
      consent: { version: consent.version },
    },
  });
  return { ...body, name };
}

function offerOf(visitor: Visitor, cookie: string): Promise<OfferView> {
  return visitor.until('an offer', async () => {
    const { body } = await visitor.expect<{ offers: OfferView[] }>('GET', 'me/offers', { cookie });
    return body.offers[0];
  });
}

async function declineIt(visitor: Visitor, cookie: string): Promise<void> {
  const { id } = await offerOf(visitor, cookie);
  await visitor.expect('POST', `offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } });
}

/** By the time the second agent has declined, the first one's quarter of an hour is over. */
async function refuseLate(visitor: Visitor, cookie: string, offer: OfferView): Promise<void> {
  const { status } = await visitor.call('POST', `offers/${offer.id}/acceptance`, { cookie, body: {} });
  expectThat('a late answer is refused', status === 409);
}

async function report(
  visitor: Visitor,
  cookie: string,
  referralId: string,
  body: { outcome: string },
): Promise<void> {
  await visitor.expect('POST', `referrals/${referralId}/outcomes`, { cookie, body });
}

function expectThat(what: string, holds: boolean): void {
  if (!holds) throw new Error(`The story went otherwise: it was expected that ${what}.`);
}
