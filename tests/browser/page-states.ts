import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { pagePaths } from '../../api/http/page-paths.ts';
import { logIn } from '../../standalone/demo/onboard-agent.ts';
import { linkToken, sha256 } from '../../store/tokens.ts';
import { anyConsumer, askForHelp, nextOffer } from '../end-to-end/help-requests.ts';
import { newSamplePeople, onboardAgents, uploadFeedsNaming } from '../end-to-end/onboarded-agents.ts';
import { addAgentAccount } from './agent-account.ts';
import { linkIn } from './links.ts';
import { addOps } from './ops-account.ts';
import type { PortalStack } from './portal-stack.ts';
import { chooseLogIn } from './registration-form.ts';

/** People of the pages: agents without and with referrals, and the operations team. */
export type Who = 'agent' | 'busyAgent' | 'ops' | 'admin';

/** What the pages are about. */
export interface Subjects {
  cookies: Readonly<Record<Who, string>>;
  npn: string;
  /** Paths with their ids and secrets. */
  links: Readonly<
    Record<'invitation' | 'reset' | 'offer' | 'hours' | 'testOffer' | 'asking' | 'accepted', string>
  >;
}

/** A state that a page can be in. */
export interface PageState {
  name: string;
  /** Who is logged in; nobody if undefined. */
  as?: Who;
  at: string | ((subjects: Subjects) => string);
  /** Text that the page has once it is in this state. */
  shows: string | RegExp;
  /** Brings the page into the state. */
  then?: (page: Page) => Promise<void>;
  /** What a person does that needs the service; by default they go to another page. A page with a stream needs none. */
  act?: ((page: Page) => Promise<void>) | 'nothing';
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole('main').getByRole('button', { name }).first().click();

/** Every page in its main states. A page without one does not compile. */
export const pageStates: Readonly<
  Record<(typeof pagePaths)[number] | '/docs' | '*', readonly [PageState, ...PageState[]]>
> = {
  '/': [
    {
      name: 'start',
      at: '/',
      shows: 'I need help with coverage',
      act: (page) => page.getByRole('button', { name: 'Español' }).click(),
    },
  ],
  '/login': [
    { name: 'log in', at: '/login', shows: 'Forgot your password?', act: logInWrongly },
    { name: 'log in, refused', at: '/login', shows: 'This did not work', then: logInWrongly },
  ],
  '/log-in-help': [
    { name: 'help to log in', at: '/log-in-help', shows: 'NPN' },
    {
      name: 'help to log in, incomplete',
      at: '/log-in-help',
      shows: /needs? your attention/,
      then: press(/./),
    },
  ],
  '/forgot-password': [{ name: 'forgotten password', at: '/forgot-password', shows: 'Set a new password' }],
  '/reset-password': [
    { name: 'new password, dead link', at: '/reset-password', shows: 'This link cannot be used' },
    { name: 'new password', at: ({ links }) => links.reset, shows: 'For the account' },
  ],
  '/register': [
    { name: 'registration, dead link', at: '/register', shows: 'NPN' },
    { name: 'registration', at: ({ links }) => links.invitation, shows: 'From your MLMS profile' },
    {
      name: 'registration, incomplete',
      at: ({ links }) => links.invitation,
      shows: /need your attention/,
      then: press('Continue'),
    },
    {
      name: 'registration, second part',
      at: ({ links }) => links.invitation,
      shows: 'How we reach you',
      then: (page) => chooseLogIn(page, 'agent.of.pages'),
    },
  ],
  '/help': [
    {
      name: 'help',
      at: '/help',
      shows: 'Your name',
      act: (page) => page.getByLabel('ZIP code').fill('85004'),
    },
    {
      name: 'help, incomplete',
      at: '/help',
      shows: '6 fields need your attention',
      then: press('Ask for help'),
    },
  ],
  '/how-long': [{ name: 'how long', at: '/how-long', shows: 'How long' }],
  '/questions': [{ name: 'questions', at: '/questions', shows: 'What does it cost me?' }],
  '/privacy': [{ name: 'privacy', at: '/privacy', shows: /version \d+\.\d+/ }],
  '/accessibility': [{ name: 'accessibility', at: '/accessibility', shows: 'WCAG' }],
  '/status': [{ name: 'status, link cut off', at: '/status', shows: 'We cannot show this request' }],
  '/status/:id': [
    {
      name: 'status, agents are asked',
      at: ({ links }) => links.asking,
      shows: 'We are asking agents near you',
      act: 'nothing',
    },
    {
      name: 'status, accepted',
      at: ({ links }) => links.accepted,
      shows: /\(NPN \d+\)/,
      act: 'nothing',
    },
  ],
  '/offer': [{ name: 'offer, link cut off', at: '/offer', shows: 'Inbox' }],
  '/offer/:id': [
    {
      name: 'offer by link',
      at: ({ links }) => links.offer,
      shows: 'Phoenix, AZ 85004',
    },
    {
      name: 'offer by link, declining',
      at: ({ links }) => links.offer,
      shows: 'Too busy right now',
      then: press('Decline'),
    },
  ],
  '/test-offer': [{ name: 'test offer, link cut off', at: '/test-offer', shows: 'test' }],
  '/test-offer/:id': [
    {
      name: 'test offer',
      at: ({ links }) => links.testOffer,
      shows: 'Yes, it has arrived',
      act: press('Yes, it has arrived'),
    },
  ],
  '/hours': [{ name: 'hours, link cut off', at: '/hours', shows: 'hours' }],
  '/hours/:id': [
    {
      name: 'hours',
      at: ({ links }) => links.hours,
      shows: 'Yes, my hours are right',
      act: press('Yes, my hours are right'),
    },
  ],
  '/onboarding': [own('checklist', 'agent', '/onboarding', 'Where your registration stands')],
  '/profile': [own('profile', 'agent', '/profile', 'Your profile')],
  '/availability': [own('availability', 'agent', '/availability', 'Your availability')],
  '/inbox': [
    own('inbox, empty', 'agent', '/inbox', 'No referral is waiting for you.'),
    own('inbox', 'busyAgent', '/inbox', 'Accept'),
    {
      ...own('inbox, declining', 'busyAgent', '/inbox', 'Too busy right now'),
      then: (page) => page.getByRole('button', { name: 'Decline' }).first().click(),
    },
  ],
  '/account': [own('account', 'agent', '/account', 'Your account')],
  '/account/password': [own('password', 'agent', '/account/password', 'password')],
  '/account/security': [own('security', 'agent', '/account/security', 'You have no passkey.')],
  '/ops': [own('ops', 'ops', '/ops', 'Onboarding of agents')],
  '/ops/agents/:npn': [
    { ...own('ops, one agent', 'ops', '', 'Plan year'), at: ({ npn }) => `/ops/agents/${npn}` },
  ],
  '/ops/contact': [own('ops, read a contact', 'ops', '/ops/contact', 'Read a consumer’s contact')],
  '/history': [
    own('history', 'busyAgent', '/history', 'Phoenix'),
    own('history, nothing offered', 'agent', '/history', 'History'),
  ],
  '/figures': [own('figures', 'busyAgent', '/figures', 'What became of your offers')],
  '/why-not-me': [own('why not me', 'busyAgent', '/why-not-me', 'Day by day')],
  '/administration': [own('administration', 'admin', '/administration', 'Accounts and keys')],
  '*': [{ name: 'no such page', at: '/nothing-here', shows: 'There is no such page' }],
  '/docs': [
    { name: 'documentation of the API', at: '/docs', shows: 'Schemas' },
    {
      name: 'documentation of the API, opened',
      at: '/docs',
      shows: 'Answers',
      then: (page) =>
        page.evaluate(() => {
          // of each kind some: axe takes minutes for all
          for (const part of document.querySelectorAll('section'))
            for (const details of [...part.querySelectorAll('details')].slice(0, 2)) details.open = true;
        }),
    },
  ],
};

function own(name: string, as: Who, at: string, shows: string): PageState {
  return { name, as, at, shows, act: 'nothing' };
}

async function logInWrongly(page: Page): Promise<void> {
  await page.getByLabel('Username').fill('nobody.known');
  await page.getByLabel('Password').fill('Harbor!Lantern8');
  await press('Log in')(page);
}

/** Makes what the pages are about: an agent with an offer and an accepted referral, and links of all kinds. */
export async function makeSubjects(stack: PortalStack): Promise<Subjects> {
  const { user, db, linkSecret } = stack;
  const people = newSamplePeople();
  const [person] = people.onboarded;
  if (!person) throw new Error('There is no sample agent');
  await uploadFeedsNaming(stack, [person, people.invited]);
  const [busy] = await onboardAgents(stack, [person]);
  if (!busy) throw new Error('Nobody was onboarded');
  await db.updateTable('agents').set({ phoneConfirmedAt: new Date() }).where('npn', '=', busy.npn).execute();
  const accepted = await askForHelp(user, anyConsumer());
  const { offer: first } = await nextOffer(stack, [busy], accepted);
  await user.expect('POST', `offers/${first.id}/acceptance`, { cookie: busy.cookie, body: {} });
  const asking = await askForHelp(user, anyConsumer());
  const { offer } = await nextOffer(stack, [busy], asking);
  const agent = await addAgentAccount(stack);
  const [ops, admin] = [await addOps(stack), await addOps(stack, 'ops-admin')];
  const token = (kind: Parameters<typeof linkToken>[1], id: string) => linkToken(linkSecret, kind, id);
  const [restId, testOfferId, resetId] = [randomUUID(), randomUUID(), randomUUID()];
  const now = new Date();
  const later = new Date(now.getTime() + 60 * 60_000);
  await db
    .insertInto('rests')
    .values({ id: restId, npn: agent.npn, beganAt: now, unseenOffers: 3 })
    .execute();
  await db
    .insertInto('testOffers')
    .values({ id: testOfferId, npn: agent.npn, shortCode: 'AB12', createdAt: now, expiresAt: later })
    .execute();
  const { id: accountId } = await db
    .selectFrom('accounts')
    .select('id')
    .where('npn', '=', agent.npn)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('passwordResets')
    .values({
      accountId,
      id: resetId,
      tokenSha256: sha256(token('password-reset', resetId)),
      createdAt: now,
      expiresAt: later,
    })
    .execute();
  const invitation = new URL(linkIn(await user.message(people.invited.email)));
  return {
    cookies: {
      agent: await logIn(user, agent),
      busyAgent: busy.cookie,
      ops: await logIn(user, ops),
      admin: await logIn(user, admin),
    },
    npn: busy.npn,
    links: {
      invitation: `${invitation.pathname}${invitation.hash}`,
      reset: `/reset-password#${token('password-reset', resetId)}`,
      offer: `/offer/${offer.id}#${token('offer', offer.id)}`,
      hours: `/hours/${restId}#${token('rest', restId)}`,
      testOffer: `/test-offer/${testOfferId}#${token('test-offer', `${testOfferId}:email`)}`,
      asking: `/status/${asking.id}#${asking.token}`,
      accepted: `/status/${accepted.id}#${accepted.token}`,
    },
  };
}
