import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appSecret } from '../../../store/accounts/totp.ts';
import { contactKey, linkToken } from '../../../store/tokens.ts';
import { addOps } from '../../browser/ops-account.ts';
import {
  askForHelp,
  nextOffer,
  type SubmittedReferral,
  untilReferralStage,
} from '../../end-to-end/help-requests.ts';
import {
  newSamplePeople,
  type OnboardedAgent,
  onboardAgents,
  uploadFeedsNaming,
} from '../../end-to-end/onboarded-agents.ts';
import { keyring } from '../../harness/keyring.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { nextCode } from '../../harness/people/second-factor.ts';
import { type Stack, startStack } from '../../harness/stack.ts';
import { dumpOf } from './dump.ts';
import { findMarks, type StoredText } from './marks.ts';

const consumer = {
  name: 'Thessaly Vandermolen',
  phone: '+16025550174',
  email: 'thessaly.v@stolen.example',
} as const;
/** The agent whom the consumer asks for, in their words. */
const wished = 'Perpetua Lindqvistson';
const corrected = { phone: '+16025550175', email: 'vandermolen.new@stolen.example' } as const;
const words = 'Thessaly likes mornings, her sister Ottoline translates';

let stack: Stack;
let agent: OnboardedAgent;
let referral: SubmittedReferral;
/** What opens something: sessions, links, keys, passwords and secrets, as their owners have them. */
const secrets: string[] = [];
let dump: StoredText[];
let totpSecret: string | undefined;
let resetLinks: string[];

beforeAll(async () => {
  stack = await startStack();
  const people = newSamplePeople().onboarded;
  await uploadFeedsNaming(stack, people);
  const agents = await onboardAgents(stack, people);
  referral = await askForHelp(stack.user, { ...consumer, agent: { name: wished } });
  const { agent: asked, offer } = await nextOffer(stack, agents, referral);
  agent = asked;
  const { user } = stack;
  await user.expect('POST', `offers/${offer.id}/acceptance`, { cookie: agent.cookie, body: {} });
  await untilReferralStage(stack, referral, 'accepted');
  await user.expect('PUT', `referrals/${referral.id}/notes`, {
    cookie: agent.cookie,
    body: { text: words, updatedAt: null },
  });
  await user.expect('PUT', `referrals/${referral.id}/contact`, { bearer: referral.token, body: corrected });
  await user.expect('POST', 'password-reset', { body: { username: agent.username } });
  const reset = await user.message(agent.email, ({ text }) => text.includes('/reset-password#'));
  await administer();
  secrets.push(
    referral.token,
    ...agents.map(({ cookie }) => cookie.split('=')[1] ?? ''),
    ...linksIn((await user.messages()).map(({ text }) => text)),
  );
  resetLinks = linksIn([reset.text]);
  dump = await dumpOf(stack);
}, 120_000);
afterAll(() => stack.close());

/** Has an administrator log in, create a key for a feed and an account, and read the contact. */
async function administer(): Promise<void> {
  const admin = await addOps(stack, 'ops-admin');
  totpSecret = admin.totpSecret;
  const code = await nextCode(totpSecret ?? '');
  const { username, password } = admin;
  const { cookie = '' } = await stack.user.expect('POST', 'session', { body: { username, password, code } });
  const created = await stack.user.expect<{ secret: string }>('POST', 'ops/feed-keys', {
    cookie,
    body: { name: 'stolen', feeds: ['licenses'], reason: 'for the test' },
  });
  const opened = await stack.user.expect<{ password: string }>('POST', 'ops/accounts', {
    cookie,
    body: { username: 'auditor.stolen', role: 'auditor', reason: 'for the test' },
  });
  await stack.user.expect('POST', `ops/referrals/${referral.id}/contact`, {
    cookie,
    body: { reason: `${words}: they called` },
  });
  secrets.push(
    cookie.split('=')[1] ?? '',
    created.body.secret,
    password,
    opened.body.password,
    totpSecret ?? '',
  );
}

/** The ids of the administrator's authenticator app. */
function storedApp() {
  return stack.db.selectFrom('authenticatorApps').select(['keyId', 'accountId']).executeTakeFirstOrThrow();
}

/** Secrets of the links in messages. */
const linksIn = (texts: readonly string[]) =>
  texts.flatMap((text) => [...text.matchAll(/#([\w-]{43})/g)].map(([, secret]) => secret ?? ''));

/** Marks of the consumer: name, numbers, addresses and what was noted, in the spellings in which they could be stored. */
const marks = [
  ...consumer.name.split(' '),
  consumer.phone,
  corrected.phone,
  consumer.email,
  corrected.email,
  ...words.split(/\W+/).filter((word) => word.length > 7),
];

/** The same as hex and base64, in which a column of bytes would have them. */
const encoded = [...marks, ...wished.split(' ')].flatMap((mark) => [
  Buffer.from(mark).toString('hex'),
  Buffer.from(mark).toString('base64').replace(/=+$/, '').slice(0, -1),
]);

test('a stolen dump has no contact of a consumer, no word by or about them, no session, link, key or password', () => {
  // the search covers everything: it finds what is stored in clear, as the agent's own data still are
  expect(findMarks([agent.email], dump).map(({ where }) => where)).toContain('agents.email');
  expect(dump.map(({ where }) => where)).toEqual(
    expect.arrayContaining([
      'consumer_contacts.name',
      'consumer_contacts.wished_agent',
      'contact_changes.address',
      'referral_notes.text',
      'referral_reasons.text',
    ]),
  );
  expect(resetLinks).toHaveLength(1);
  expect(secrets).toContain(resetLinks[0]);
  expect(new Set(secrets).size).toBeGreaterThan(8);
  expect(secrets.every((secret) => secret.length >= 12)).toBe(true);
  const sought = [...marks, ...wished.split(' '), ...encoded, ...secrets, stack.feedsKey, stack.linkSecret];
  expect(findMarks(sought, dump)).toEqual([]);
});

test('with LINK_SECRET beside it the dump yields the links of requests, and still no contact', async () => {
  // what it yields: whoever has both opens the status page of each request until it is closed
  const referrals = dump.find(({ where }) => where === 'referrals.id')?.text.split('\n') ?? [];
  expect(referrals.map((id) => linkToken(stack.linkSecret, 'referral', id))).toContain(referral.token);
  // the key of an authenticator app is derived alike, from ids that are in the dump
  const app = await storedApp();
  expect(appSecret({ linkSecret: stack.linkSecret, ...app }, '').secret).toBe(totpSecret);
  // what it does not: no hash of the dump is one that a guess of the number or the address would give
  const guesses = (['text', 'email'] as const).flatMap((channel) =>
    [consumer.phone, corrected.phone, consumer.email, corrected.email].flatMap((address) => [
      contactKey(stack.linkSecret, channel, address),
      createHmac('sha256', stack.linkSecret).update(address).digest('hex'),
    ]),
  );
  expect(findMarks(guesses, dump)).toEqual([]);
  // whereas the guesses of whoever has the look-up key, which only the master key opens, are there
  const right = contactKey(keyring.lookupKey, 'text', corrected.phone);
  expect(findMarks([right], dump).map(({ where }) => where)).toContain('contact_keys.key');
});

test.each(['', '/data'])(
  'the page of a request, which such a link opens, names nobody (%s)',
  async (part) => {
    const { body } = await stack.user.expect('GET', `referrals/${referral.id}${part}`, {
      bearer: referral.token,
    });
    expect(findMarks(marks, [{ where: 'the page', text: JSON.stringify(body) }])).toEqual([]);
  },
);

test('with the master key the contacts are there', async () => {
  expect(await storedContact(stack.db, referral.id)).toEqual({ name: consumer.name, ...corrected });
});
