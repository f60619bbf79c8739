import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRateLimiter, defaultRateLimits } from '../../api/http/requests/rate-limits.ts';
import type { ReferralAction } from '../../domain/ops/ops-actions.ts';
import { createChallenge } from '../../store/accounts/passkeys.ts';
import { savePasswordReset } from '../../store/accounts/password-resets.ts';
import { recordSecurityEvent } from '../../store/accounts/security-events.ts';
import { answerTestOffer, readTestOffers, sendTestOffer } from '../../store/agents/test-offers.ts';
import { readDeletionBacklog, retentionKinds } from '../../store/ops/retention.ts';
import { rescindConsent } from '../../store/referrals/consumer-actions.ts';
import { withdrawUnconfirmed } from '../../store/referrals/erasure/unconfirmed-requests.ts';
import { applyReferralAction } from '../../store/referrals/referral-actions.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  monday,
  openActivityHarness,
} from '../harness/activity-harness.ts';
import { cleanUp as cleanUpAs } from '../harness/clean-up.ts';
import { keyring } from '../harness/keyring.ts';
import { seedAgent, seedReferral } from '../harness/people/fixtures.ts';
import { asOwner } from '../harness/servers/postgres.ts';

let harness: ActivityHarness;
const warnings: object[] = [];
beforeAll(async () => {
  harness = await openActivityHarness();
});
beforeEach(() => {
  warnings.length = 0;
});
afterAll(() => harness.close());

const policy = aPolicy({ confirmConsumerContact: true });
const cleanUp = async (at: Date, more: { limit?: number; failed?: Set<string> } = {}) => {
  const { isFull, warnings: added } = await cleanUpAs(harness, at, more);
  warnings.push(...added);
  return { isFull };
};

let opsId: string;
beforeAll(async () => {
  opsId = randomUUID();
  const account = { id: opsId, username: 'ops', passwordHash: '-', role: 'ops', createdAt: monday };
  await harness.db.insertInto('accounts').values(account).execute();
});

const applyOpsAction = (referralId: string, action: ReferralAction) =>
  harness.db.transaction().execute((tx) =>
    applyReferralAction(tx, keyring, {
      referralId,
      action,
      reason: 'called us',
      accountId: opsId,
      at: after(minutes(2)),
    }),
  );

/** Lists the tables that still have rows about a request. */
async function tablesWith(referralId: string): Promise<string[]> {
  const tables = [
    'consumerContacts',
    'contactKeys',
    'contactCodes',
    'consents',
    'notices',
    'opsActions',
  ] as const;
  const found = await Promise.all(
    tables.map((table) =>
      harness.db.selectFrom(table).select('referralId').where('referralId', '=', referralId).execute(),
    ),
  );
  const events = await harness.events({ kind: 'referral', referralId });
  return [...tables.filter((_, index) => found[index]?.length), ...(events.length > 0 ? ['events'] : [])];
}

const stageOf = async (id: string) =>
  (await harness.db.selectFrom('referrals').select('stage').where('id', '=', id).executeTakeFirst())?.stage;

test('counts of limits are deleted once their window is over, page by page, and no earlier', async () => {
  const minute = 60_000;
  const limiter = createRateLimiter(harness.db, defaultRateLimits);
  for (const who of ['one', 'two', 'three']) await limiter.count('logInByBoth', who);
  await limiter.count('intakeByNetwork', ['four']);
  const left = async () =>
    (await harness.db.selectFrom('rateLimits').select('key').execute()).map(({ key }) => key.split(':')[0]);
  const inMinutes = (count: number) => new Date(Date.now() + count * minute);

  await cleanUp(inMinutes(14));
  expect(await left()).toHaveLength(4);
  expect(await cleanUp(inMinutes(16), { limit: 2 })).toEqual({ isFull: true });
  expect(await cleanUp(inMinutes(16), { limit: 2 })).toEqual({ isFull: false });
  expect(await left()).toEqual(['intakeByNetwork']);
});

describe('a request that nobody confirmed', () => {
  test.each(['note', 'close'] as const)(
    'is deleted at its hour with the notes of ops about it (%s), and blocks no other',
    async (act) => {
      const [noted, other] = [
        await seedReferral(harness.db, { policy }),
        await seedReferral(harness.db, { policy, at: after(minutes(1)) }),
      ];
      await applyOpsAction(noted, act);
      await cleanUp(after(hours(3)));
      expect([await tablesWith(noted), await tablesWith(other)]).toEqual([[], []]);
      expect([await stageOf(noted), await stageOf(other)]).toEqual([undefined, undefined]);
      expect(warnings).toEqual([]);
    },
  );

  test.each([
    ['ops close it', (id: string) => applyOpsAction(id, 'close'), 'closed'],
    [
      'its consumer withdraws it',
      (referralId: string) =>
        harness.db
          .transaction()
          .execute((tx) => withdrawUnconfirmed(tx, { referralId, at: after(minutes(5)) })),
      'withdrawn',
    ],
    [
      'its consumer rescinds the consent',
      (referralId: string) =>
        harness.db
          .transaction()
          .execute((tx) => rescindConsent(tx, keyring, { referralId, at: after(minutes(5)) })),
      'withdrawn',
    ],
  ])('loses its contact as soon as %s, and the rest at its hour', async (_how, end, stage) => {
    const id = await seedReferral(harness.db, { policy });
    await end(id);
    expect(await stageOf(id)).toBe(stage);
    const left = await tablesWith(id);
    for (const table of ['consumerContacts', 'contactKeys', 'contactCodes'])
      expect(left).not.toContain(table);
    await cleanUp(after(minutes(59)));
    expect(await stageOf(id)).toBe(stage);
    await cleanUp(after(minutes(60)));
    expect([await stageOf(id), await tablesWith(id)]).toEqual([undefined, []]);
  });

  test('that cannot be deleted is logged by its id, stops no other row or kind, and is tried again', async () => {
    // a row that refers to it and that the deletion does not cover
    const bad = [await seedReferral(harness.db, { policy }), await seedReferral(harness.db, { policy })];
    const good = await seedReferral(harness.db, { policy, at: after(minutes(1)) });
    const { npn } = await seedAgent(harness.db);
    for (const referralId of bad)
      await harness.db
        .insertInto('offers')
        .values({
          id: randomUUID(),
          referralId,
          npn,
          number: 1,
          shortCode: '1234',
          offeredAt: monday,
          expiresAt: monday,
          policyVersion: '-',
        })
        .execute();
    const session = { tokenSha256: randomUUID(), accountId: opsId, createdAt: monday, expiresAt: monday };
    await harness.db.insertInto('sessions').values(session).execute();

    const at = after(hours(3));
    const failed = new Set<string>();
    // the oldest two pages fail
    expect(await cleanUp(at, { limit: 1, failed })).toEqual({ isFull: true });
    expect(await cleanUp(at, { limit: 1, failed })).toEqual({ isFull: true });
    await cleanUp(at, { limit: 1, failed });
    expect(await stageOf(good)).toBeUndefined();
    expect(warnings).toEqual(bad.toSorted().map((id) => ({ id, reason: expect.stringContaining('23503') })));
    expect(await harness.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
    expect((await readDeletionBacklog(harness.db, policy))['unconfirmed-requests']).toMatchObject({
      count: 2,
    });

    await asOwner(harness, `delete from offers where referral_id in ('${bad.join("', '")}')`);
    await cleanUp(at);
    expect(await Promise.all(bad.map(stageOf))).toEqual([undefined, undefined]);
  });
});

test('a kind that cannot be deleted at all stops no other', async () => {
  const id = await seedReferral(harness.db, { policy });
  await asOwner(harness, 'alter table sessions rename to sessions_away');
  try {
    await cleanUp(after(hours(3)));
    expect(await stageOf(id)).toBeUndefined();
    expect(warnings).toEqual([{ kind: 'sessions', reason: expect.stringContaining('42P01') }]);
  } finally {
    await asOwner(harness, 'alter table sessions_away rename to sessions');
  }
});

test('what was typed behind an expired link is deleted, also where no other link is used', async () => {
  const { npn } = await seedAgent(harness.db, { stage: 'invited' });
  const invitation = await harness.db
    .selectFrom('invitations')
    .select(['id', 'expiresAt'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const typed = {
    id: randomUUID(),
    invitationId: invitation.id,
    username: 'typed',
    passwordHash: '-',
    phone: '+15125550100',
    contactPreference: 'email',
    zip: '78701',
    termsVersion: '-',
    ipAddress: '192.0.2.1',
    userAgent: 'tests',
    createdAt: monday,
  };
  await harness.db.insertInto('registrationRequests').values(typed).execute();
  const left = async () =>
    (await harness.db.selectFrom('registrationRequests').select('id').execute()).length;
  // a form that was sent in time may still be in progress
  await cleanUp(invitation.expiresAt);
  expect(await left()).toBe(1);
  await cleanUp(new Date(invitation.expiresAt.getTime() + hours(24)));
  expect(await left()).toBe(0);
});

test('a test offer is deleted with its answers 30 days after its end, and no earlier', async () => {
  const { npn } = await seedAgent(harness.db);
  const id = await harness.db.transaction().execute((tx) => sendTestOffer(tx, { npn, at: monday }));
  await answerTestOffer(harness.db, { id, channel: 'email', at: after(minutes(1)) });
  const left = async () => [
    (await readTestOffers(harness.db, npn)).length,
    (await harness.db.selectFrom('testOfferAnswers').selectAll().execute()).length,
  ];
  const end = minutes(15) + 30 * hours(24);
  await cleanUp(after(end - 1));
  expect(await left()).toEqual([1, 1]);
  await cleanUp(after(end));
  expect(await left()).toEqual([0, 0]);
});

test('a security event is deleted after a year, and no earlier', async () => {
  await recordSecurityEvent(harness.db, { kind: 'log-in', accountId: opsId, at: monday });
  const left = async () => (await harness.db.selectFrom('securityEvents').selectAll().execute()).length;
  const year = 365 * hours(24);
  await cleanUp(after(year - 1));
  expect(await left()).toBe(1);
  await cleanUp(after(year));
  expect(await left()).toBe(0);
});

test('a link to a new password is deleted when it expires', async () => {
  const link = { accountId: opsId, id: randomUUID(), tokenSha256: randomUUID(), createdAt: monday };
  await savePasswordReset(harness.db, { ...link, expiresAt: after(minutes(15)) });
  const left = async () => (await harness.db.selectFrom('passwordResets').selectAll().execute()).length;
  await cleanUp(after(minutes(15) - 1));
  expect(await left()).toBe(1);
  await cleanUp(after(minutes(15)));
  expect(await left()).toBe(0);
});

test('a challenge for a passkey is deleted after five minutes, and no earlier', async () => {
  await createChallenge(harness.db, { accountId: null, at: monday });
  const left = async () => (await harness.db.selectFrom('passkeyChallenges').selectAll().execute()).length;
  await cleanUp(after(minutes(5) - 1));
  expect(await left()).toBe(1);
  await cleanUp(after(minutes(5)));
  expect(await left()).toBe(0);
});

/** Rows that ops or a look-up wrote on a Monday, by table, and the days for which they are kept. */
const writtenByOps = {
  opsActions: [3_653, { action: 'hold', npn: '17593264', reason: 'they asked', at: monday }],
  intakePauses: [3_653, { state: 'UT', pausedAt: monday, pauseReason: 'a fire', resumedAt: monday }],
  zipChanges: [3_653, { zip: '84101', city: '-', state: 'UT', timeZone: '-', reason: '-', at: monday }],
  textStopDecisions: [365, { texts: 'off', reason: 'they called', at: monday }],
  licenseLookups: [365, { npn: '17593264', tries: 1, lookedUpAt: monday, endedAs: 'none' }],
} as const;

/** The columns of each that name itself and the account that wrote it. */
const authorship = {
  opsActions: () => ({ id: randomUUID(), accountId: opsId }),
  intakePauses: () => ({ id: randomUUID(), pausedBy: opsId, resumedBy: opsId }),
  zipChanges: () => ({ id: randomUUID(), accountId: opsId }),
  textStopDecisions: () => ({ optOutId: randomUUID(), accountId: opsId }),
  licenseLookups: () => ({}),
} as const;

test.each(Object.keys(writtenByOps) as (keyof typeof writtenByOps)[])(
  'what ops did, and what was looked up, is deleted once its time is over, and no earlier (%s)',
  async (table) => {
    const [days, row] = writtenByOps[table];
    await harness.db
      .insertInto(table)
      .values({ ...row, ...authorship[table]() })
      .execute();
    const left = async () => (await harness.db.selectFrom(table).selectAll().execute()).length;
    await cleanUp(after(days * hours(24) - 1));
    expect(await left()).toBe(1);
    await cleanUp(after(days * hours(24)));
    expect(await left()).toBe(0);
    expect(warnings).toEqual([]);
  },
);

test('overdue rows are counted by kind, with their age', async () => {
  await cleanUp(after(hours(24 * 365)));
  const none = { count: 0, oldestSeconds: 0 };
  const all = Object.fromEntries(retentionKinds.map((kind) => [kind, none]));
  expect(await readDeletionBacklog(harness.db, policy)).toEqual(all);
  const ago = (count: number) => new Date(Date.now() - minutes(count));
  for (const expiresAt of [ago(30), ago(90)])
    await harness.db
      .insertInto('sessions')
      .values({ tokenSha256: randomUUID(), accountId: opsId, createdAt: monday, expiresAt })
      .execute();
  const { sessions } = await readDeletionBacklog(harness.db, policy);
  expect([sessions.count, Math.floor(sessions.oldestSeconds / 60)]).toEqual([2, 90]);
});
