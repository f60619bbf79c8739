import { randomUUID } from 'node:crypto';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { uploadFeeds } from '../sample/feed-files.ts';
import { generateFeeds } from '../sample/generate.ts';
import { type SamplePerson, samplePeople } from '../sample/sample-agents.ts';
import type { HttpUser } from './http-user.ts';
import { acceptAgentTerms, invitationTokenIn, logIn, signUp, untilStage } from './onboard-agent.ts';

export interface DemoContext {
  user: HttpUser;
  apiUrl: string;
  feedsKey: string;
  /** The folder that the sample feeds are written to. */
  directory: string;
}

interface InboxOffer {
  id: string;
  referralId: string;
  zip: string;
}

/**
 * Runs the demo through HTTP and mail alone. Three agents register; a fourth lets the invitation link expire and asks
 * for a new one. A consumer asks for help: the first agent does not answer, the second declines, the third accepts,
 * calls and enrolls the consumer.
 * @throws at the first step that does not go as expected
 */
export async function runDemoScript(context: DemoContext): Promise<void> {
  const { user, directory } = context;
  const people = [...samplePeople.onboarded, samplePeople.invited];
  // one plan year each, so that each agent's steps are printed once
  const named = people.map((person) => ({ ...person, newToMarketplace: true }));
  const files = await generateFeeds({ directory, seed: 7, agents: 0, named });
  await uploadFeeds(files, context);
  // in one `Promise.all`, so that a second failure is not left unhandled
  await Promise.all([
    renewExpiredLink(user, samplePeople.invited.email),
    Promise.all(samplePeople.onboarded.map((person) => onboardAgent(user, person))).then((cookies) =>
      runReferral(user, cookies),
    ),
  ]);
}

/** Asks for help as a consumer: the first agent does not answer, the second declines, the third helps. */
async function runReferral(user: HttpUser, agentCookies: readonly string[]): Promise<void> {
  const [silent = '', busy = '', willing = ''] = agentCookies;
  const request = await askForHelp(user);
  const first = await offerOf(user, silent);
  await declineOffer(user, busy);
  await expectLateRefusal(user, silent, first);
  const { id: offerId } = await offerOf(user, willing);
  const { body } = await user.expect<{ consumer: { name: string } }>('POST', `offers/${offerId}/acceptance`, {
    cookie: willing,
    body: {},
  });
  assertStep(
    'the accepting agent sees the contact data of the consumer',
    body.consumer.name === request.name,
  );
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

/** Lets an invitation link expire unused, and asks for a new one with it. */
async function renewExpiredLink(user: HttpUser, email: string): Promise<void> {
  const first = invitationTokenIn(await user.message(email));
  await user.until('the link to expire', async () => {
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

/** Expects 409 for the first agent's answer: when the second agent has declined, the first offer has expired. */
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

function assertStep(expectation: string, isMet: boolean): void {
  if (!isMet) throw new Error(`The demo failed: expected that ${expectation}.`);
}
