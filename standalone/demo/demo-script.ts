import { randomUUID } from 'node:crypto';
import { uploadFeeds } from '../sample/feed-files.ts';
import { generateFeeds } from '../sample/generate.ts';
import { type SamplePerson, samplePeople } from '../sample/sample-agents.ts';
import type { HttpUser } from './http-user.ts';
import {
  acceptAgentTerms,
  generatePassword,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from './onboard-agent.ts';

export interface DemoContext {
  user: HttpUser;
  apiUrl: string;
  feedsKey: string;
  /** Where the sample feeds are written to. */
  directory: string;
}

interface InboxOffer {
  id: string;
  referralId: string;
  zip: string;
}

/**
 * The story, played through HTTP and the mail alone: three agents come aboard, a fourth lets the link die and asks
 * for another; a consumer asks for help, the first agent is silent, the second declines, the third accepts, calls
 * and enrolls. @throws as soon as it goes otherwise
 */
export async function runDemoScript(stage: DemoContext): Promise<void> {
  const { user, directory } = stage;
  const people = [...samplePeople.onboarded, samplePeople.invited];
  // one plan year each, so that every line is one step of the story
  const named = people.map((person) => ({ ...person, newToMarketplace: true }));
  const files = await generateFeeds({ directory, seed: 7, agents: 0, named });
  await uploadFeeds(files, stage);
  // in one `all`, so that no branch fails unheard when another has failed before it
  await Promise.all([
    renewExpiredLink(user, samplePeople.invited.email),
    Promise.all(samplePeople.onboarded.map((person) => onboardAgent(user, person))).then((cookies) =>
      runReferral(user, cookies),
    ),
  ]);
}

/** A consumer finds help with the third agent: the first is silent, the second declines. */
async function runReferral(user: HttpUser, aboard: readonly string[]): Promise<void> {
  const [silent = '', busy = '', willing = ''] = aboard;
  const request = await askForHelp(user);
  const first = await offerOf(user, silent);
  await declineOffer(user, busy);
  await expectLateRefusal(user, silent, first);
  const { id: offerId } = await offerOf(user, willing);
  const { body } = await user.expect<{ consumer: { name: string } }>('POST', `offers/${offerId}/acceptance`, {
    cookie: willing,
    body: {},
  });
  assertStep('the accepting agent sees whom to call', body.consumer.name === request.name);
  await report(user, willing, request.id, { outcome: 'contacted' });
  await report(user, willing, request.id, { outcome: 'enrolled' });
  await user.until('the referral to close', async () => {
    const status = await user.expect<{ stage: string }>('GET', `referrals/${request.id}`, {
      bearer: request.token,
    });
    return status.body.stage === 'closed' ? true : undefined;
  });
}

async function onboardAgent(user: HttpUser, person: SamplePerson): Promise<string> {
  const { email, username, phone, zip, contactPreference } = person;
  const newcomer = { email, username, password: generatePassword(), phone, zip, contactPreference };
  await signUp(user, newcomer, invitationTokenIn(await user.message(email)));
  const cookie = await logIn(user, newcomer);
  await acceptAgentTerms(user, cookie);
  await untilStage(user, cookie, 'active');
  return cookie;
}

/** The link of an invitation dies unused, and brings a new one. */
async function renewExpiredLink(user: HttpUser, email: string): Promise<void> {
  const first = invitationTokenIn(await user.message(email));
  await user.until('the link to die', async () => {
    const { status } = await user.call('POST', 'invitations/lookup', { body: { token: first } });
    return status === 410 ? true : undefined;
  });
  await user.expect('POST', 'invitations/renewal', { body: { token: first } });
  const again = await user.message(
    email,
    (mail) => /\/register#/.test(mail.text) && invitationTokenIn(mail) !== first,
  );
  await user.expect('POST', 'invitations/lookup', { body: { token: invitationTokenIn(again) } });
}

async function askForHelp(user: HttpUser): Promise<{ id: string; token: string; name: string }> {
  const name = 'Alma Reyes';
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const { body } = await user.expect<{ id: string; token: string }>('POST', 'referrals', {
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

function offerOf(user: HttpUser, cookie: string): Promise<InboxOffer> {
  return user.until('an offer', async () => {
    const { body } = await user.expect<{ offers: InboxOffer[] }>('GET', 'me/offers', { cookie });
    return body.offers[0];
  });
}

async function declineOffer(user: HttpUser, cookie: string): Promise<void> {
  const { id } = await offerOf(user, cookie);
  await user.expect('POST', `offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } });
}

/** By the time the second agent has declined, the first one's quarter of an hour is over. */
async function expectLateRefusal(user: HttpUser, cookie: string, offer: InboxOffer): Promise<void> {
  const { status } = await user.call('POST', `offers/${offer.id}/acceptance`, { cookie, body: {} });
  assertStep('a late answer is refused', status === 409);
}

async function report(
  user: HttpUser,
  cookie: string,
  referralId: string,
  body: { outcome: string },
): Promise<void> {
  await user.expect('POST', `referrals/${referralId}/outcomes`, { cookie, body });
}

function assertStep(what: string, holds: boolean): void {
  if (!holds) throw new Error(`The story went otherwise: it was expected that ${what}.`);
}
