import { randomUUID } from 'node:crypto';
import { opsRoles } from '../../../domain/accounts/roles.ts';
import { createFeedKey } from '../../../store/accounts/feed-keys.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import type { ApiHarness } from '../../harness/api-harness.ts';
import { seedTermination } from '../../harness/people/evidence-fixtures.ts';
import { addAgent, addOffer, hour, logInAs, requestReferral } from '../../harness/people/people.ts';

/** One kind of caller in the matrix: what it sends, and which security scheme of the document that satisfies. */
export interface Caller {
  /** None: what it sends is worth nothing. */
  scheme?: string;
  cookie?: string;
  bearer?: string;
  headers?: Record<string, string>;
  /** The ids in the path are another's, or the feed is one that the key is not for. */
  isForeign?: boolean;
  /** The agent behind it is terminated for cause, and the ids in the path are theirs. */
  isTerminated?: boolean;
}

/** Rows that belong to one agent and one consumer. */
interface Own {
  npn: string;
  referral: { id: string; token: string };
  offerId: string;
  absenceId: string;
  restId: string;
  testOfferId: string;
  accountId: string;
  cookie: string;
}

/** Adds an agent with an open offer, an accepted referral and everything else that a path can name. */
async function addOwn(api: ApiHarness): Promise<Own> {
  const at = new Date();
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const referral = await requestReferral(api);
  const offered = await requestReferral(api);
  await addOffer(api.db, { referralId: referral.id, npn, acceptedAt: at });
  const cookie = await logInAs(api, { npn });
  const { accountId } = (await api.call('GET /v1/session', { cookie })).json;
  const own = {
    npn,
    referral,
    offerId: await addOffer(api.db, { referralId: offered.id, npn }),
    absenceId: randomUUID(),
    restId: randomUUID(),
    testOfferId: randomUUID(),
    accountId: String(accountId),
    cookie,
  };
  await api.db
    .insertInto('absences')
    .values({ id: own.absenceId, npn, fromDate: '2027-02-01', untilDate: '2027-02-02', createdAt: at })
    .execute();
  await api.db
    .insertInto('rests')
    .values({ id: own.restId, npn, beganAt: at, unseenOffers: 3, endedAt: at, endedBy: 'confirmed' })
    .execute();
  const expiresAt = new Date(at.getTime() + hour / 4);
  await api.db
    .insertInto('testOffers')
    .values({ id: own.testOfferId, npn, shortCode: '1234', createdAt: at, expiresAt })
    .execute();
  return own;
}

/** The feed of the matrix; a key for another feed is for `licenses`. */
const feed = 'terminations';

/** Creates every kind of caller, and returns what fills the paths. */
export async function createCallers(api: ApiHarness) {
  const [own, others, terminated] = [await addOwn(api), await addOwn(api), await addOwn(api)];
  await seedTermination(api.db, { npn: terminated.npn, status: 'T3', datedOn: '2026-11-02' });
  const releaseId = randomUUID();
  const counts = { bytes: 1, added: 0, changed: 0, removed: 0, unchanged: 0, bad: 0 };
  await api.db
    .insertInto('feedReleases')
    .values({ id: releaseId, kind: feed, sha256: 'a'.repeat(64), receivedAt: new Date(), ...counts })
    .execute();
  const [ops, admin, auditor] = await Promise.all(opsRoles.map((role) => logInAs(api, { role })));
  const [secret, otherSecret] = [await addFeedKey(api, feed), await addFeedKey(api, 'licenses')];
  const link = (kind: 'offer' | 'rest' | 'test-offer', id: string) => linkToken(api.linkSecret, kind, id);
  const linksOf = ({ offerId, restId, testOfferId }: Own) => ({
    offerToken: link('offer', offerId),
    hoursToken: link('rest', restId),
    testOfferToken: link('test-offer', `${testOfferId}:email`),
  });
  const bearers = { referralToken: own.referral.token, ...linksOf(own) };
  const callers: Record<string, Caller> = {
    nobody: {},
    'an agent': { scheme: 'agentSession', cookie: own.cookie },
    "an agent with another's ids": { scheme: 'agentSession', cookie: own.cookie, isForeign: true },
    'an agent who is terminated for cause': {
      scheme: 'agentSession',
      cookie: terminated.cookie,
      isTerminated: true,
    },
    ops: { scheme: 'opsSession', cookie: ops ?? '' },
    'an administrator': { scheme: 'opsAdminSession', cookie: admin ?? '' },
    'an auditor': { scheme: 'auditorSession', cookie: auditor ?? '' },
    'a deactivated administrator': { headers: { Cookie: await deactivatedSession(api) } },
    'an unknown token': { bearer: randomUUID() },
    'the key of the settings': { scheme: 'feedsKey', bearer: api.feedsKey },
    'a key for the feed': { scheme: 'feedsKey', bearer: secret },
    'a key for another feed': { scheme: 'feedsKey', bearer: otherSecret, isForeign: true },
    'a provider with a wrong signature': {
      headers: {
        'X-Twilio-Signature': 'bm90aGluZw==',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    },
  };
  for (const [scheme, bearer] of Object.entries(bearers)) {
    callers[scheme] = { scheme, bearer };
    callers[`${scheme} of another`] = { scheme, bearer, isForeign: true };
  }
  for (const [scheme, bearer] of Object.entries(linksOf(terminated)))
    callers[`${scheme} of an agent who is terminated`] = { scheme, bearer, isTerminated: true };
  return {
    callers,
    fill: (path: string, { isForeign, isTerminated }: Caller) =>
      fill(path, isTerminated ? terminated : isForeign ? others : own),
  };

  function fill(path: string, of: Own): string {
    const ids: readonly [part: string, id: string][] = [
      ['/absences/', of.absenceId],
      ['/me/sessions/', randomUUID()],
      ['/hours-links/', of.restId],
      ['/test-offer-links/', of.testOfferId],
      ['/offer-links/', of.offerId],
      ['/v1/offers/', of.offerId],
      ['/v1/ops/accounts/', of.accountId],
    ];
    const [, id] = ids.find(([part]) => path.includes(part)) ?? ['', of.referral.id];
    const kinds = [
      ['/feeds/', feed],
      ['/skips/', 'language'],
      ['', 'terms-of-use'],
    ] as const;
    const [, kind] = kinds.find(([part]) => path.includes(part)) ?? kinds[2];
    const values = { id, kind, npn: own.npn, releaseId, zip: '84101', value: 'es' };
    return path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
  }
}

async function addFeedKey({ db }: ApiHarness, kind: 'terminations' | 'licenses'): Promise<string> {
  const secret = randomUUID();
  const { id: by } = await db
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'ops-admin')
    .executeTakeFirstOrThrow();
  const key = {
    name: secret,
    feeds: [kind],
    secretSha256: sha256(secret),
    by,
    reason: 'test',
    at: new Date(),
  };
  await db.transaction().execute((tx) => createFeedKey(tx, key));
  return secret;
}

/** Returns the cookie of a session that is still there, of an account that has ended. */
async function deactivatedSession(api: ApiHarness): Promise<string> {
  const cookie = await logInAs(api, { role: 'ops-admin' });
  const tokenSha256 = sha256(cookie.split('=')[1] ?? '');
  await api.db
    .updateTable('accounts')
    .set({ deactivatedAt: new Date() })
    .where('id', 'in', (query) =>
      query.selectFrom('sessions').select('accountId').where('tokenSha256', '=', tokenSha256),
    )
    .execute();
  return cookie;
}
