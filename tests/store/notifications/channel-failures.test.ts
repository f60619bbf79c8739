import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { recordDeparture } from '../../../store/agents/departures.ts';
import { savePushSubscription } from '../../../store/agents/push-subscriptions.ts';
import { readReadiness } from '../../../store/agents/readiness.ts';
import { recordRefusedPhone } from '../../../store/agents/refused-phones.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { markSubscriptionsGone } from '../../../store/notifications/deliveries.ts';
import { applyFailureReport } from '../../../store/notifications/delivery-reports.ts';
import { startTexts, stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  minutes,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

const inTransaction = (work: (tx: Tx) => Promise<unknown>) => harness.db.transaction().execute(work);

let lastPhone = 200;
const aPhone = () => `+1512555${String((lastPhone += 1)).padStart(4, '0')}`;

interface Person {
  npn: string;
  email: string;
  phone: string;
  device: string;
}

/** Seeds an active agent all of whose channels work. */
async function reachableAgent(contactPreference = 'email-text-app'): Promise<Person> {
  const [phone, device] = [aPhone(), `https://push.example.com/${randomUUID()}`];
  const { npn } = await seedAgent(harness.db, { agent: { contactPreference, phone } });
  const { email } = await harness.db
    .selectFrom('agents')
    .select('email')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const person = { npn, email, phone, device };
  await subscribe(person);
  await harness.drainOutbox();
  return person;
}

const subscribe = ({ npn, device }: Pick<Person, 'npn' | 'device'>) =>
  inTransaction((tx) =>
    savePushSubscription(tx, { endpoint: device, npn, p256dh: 'p', auth: 'a', name: 'a', at: monday }),
  );

type Failure = (person: Person, at?: Date) => Promise<unknown>;

const mailComesBack =
  (status: 'bounced' | 'complained'): Failure =>
  ({ email }, at = monday) =>
    inTransaction((tx) =>
      applyFailureReport(
        tx,
        keyring,
        { providerMessageId: randomUUID(), status, code: '5.1.1', addresses: [email], at },
        aPolicy(),
      ),
    );
const textRefused =
  (code: string): Failure =>
  ({ phone }, at = monday) =>
    inTransaction((tx) => recordRefusedPhone(tx, { ...keyed(phone), code, at }));
const deviceGone: Failure = ({ npn, device }, at = monday) =>
  inTransaction((tx) => markSubscriptionsGone(tx, { npn, endpoints: [device], at }));

/** Lists what an agent was told: the channel that failed, and over which. Each has a message that has it sent. */
async function told({ npn }: Person): Promise<string[]> {
  const rows = await harness.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select(['notices.id', 'data', 'channel'])
    .where('npn', '=', npn)
    .where('kind', '=', 'channel-failed')
    .orderBy('createdAt')
    .execute();
  const sent = (await harness.drainOutbox()).flatMap(({ type, payload }) =>
    type === 'send-notice' ? [(payload as { noticeId: string }).noticeId] : [],
  );
  sentBefore.push(...sent);
  for (const { id } of rows) expect(sentBefore).toContain(id);
  return rows.map(
    ({ data, channel }) => `${(data as { failedChannel: string }).failedChannel} over ${channel}`,
  );
}
const sentBefore: string[] = [];

/** Waits until a statement in this database waits for a lock. */
async function untilOneWaits(): Promise<void> {
  const waiting = () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      harness.db,
    );
  while ((await waiting()).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('an agent is told once that a channel works no more:', () => {
  test.each([
    ['mail that bounced, by text', mailComesBack('bounced'), 'email over text'],
    ['mail reported as spam, by text', mailComesBack('complained'), 'email over text'],
    ['texts that the owner ended with the provider, by mail', textRefused('21610'), 'text over email'],
    ['a phone that is no mobile, by mail', textRefused('21614'), 'text over email'],
    ['a number that is not in service, by mail', textRefused('30005'), 'text over email'],
    ['the last device that is gone, by mail', deviceGone, 'push over email'],
  ])('%s', async (_what, fail, expected) => {
    const person = await reachableAgent();
    expect(await told(person)).toEqual([]);
    await fail(person);
    await fail(person, after(minutes(5)));
    expect(await told(person)).toEqual([expected]);
  });

  test('in the app where no text reaches them, and not at all where nothing does', async () => {
    const person = await reachableAgent('email-app');
    await mailComesBack('bounced')(person);
    await deviceGone(person);
    expect(await told(person)).toEqual(['email over push']);
    const mailAlone = await reachableAgent('email');
    await mailComesBack('bounced')(mailAlone);
    expect(await told(mailAlone)).toEqual([]);
  });

  test('never of a channel that they have not chosen', async () => {
    const person = await reachableAgent('email');
    await textRefused('21614')(person);
    await deviceGone(person);
    expect(await told(person)).toEqual([]);
  });

  test('while another device has the app, nothing has failed', async () => {
    const person = await reachableAgent();
    const second = { ...person, device: `https://push.example.com/${randomUUID()}` };
    await subscribe(second);
    await deviceGone(person);
    expect(await told(person)).toEqual([]);
    await deviceGone(second);
    expect(await told(person)).toEqual(['push over email']);
  });

  test('also when the last two devices are found gone at the same moment', async () => {
    const person = await reachableAgent();
    const second = { ...person, device: `https://push.example.com/${randomUUID()}` };
    await subscribe(second);
    let commit: () => void = () => undefined;
    const allowed = new Promise<void>((resolve) => (commit = resolve));
    let found: () => void = () => undefined;
    const isFound = new Promise<void>((resolve) => (found = resolve));
    const first = inTransaction(async (tx) => {
      await markSubscriptionsGone(tx, { npn: person.npn, endpoints: [person.device], at: monday });
      found();
      await allowed;
    });
    await isFound;
    const other = deviceGone(second, after(1));
    await Promise.race([other, untilOneWaits()]);
    commit();
    await Promise.all([first, other]);
    expect(await told(person)).toEqual(['push over email']);
  });

  test('and again only when the channel had worked meanwhile', async () => {
    const person = await reachableAgent();
    await deviceGone(person);
    await subscribe(person);
    await deviceGone(person, after(minutes(1)));
    await textRefused('21610')(person, after(minutes(2)));
    await inTransaction((tx) => startTexts(tx, { ...keyed(person.phone), at: after(minutes(3)) }));
    await textRefused('21610')(person, after(minutes(4)));
    expect(await told(person)).toEqual([
      'push over email',
      'push over email',
      'text over email',
      'text over email',
    ]);
  });

  test('not of texts that they have stopped with us themselves', async () => {
    const person = await reachableAgent();
    await inTransaction((tx) => stopTexts(tx, { ...keyed(person.phone), by: 'reply', at: monday }));
    await textRefused('21610')(person);
    expect(await told(person)).toEqual([]);
  });

  test('not after they have left', async () => {
    const person = await reachableAgent();
    await inTransaction((tx) =>
      recordDeparture(tx, { npn: person.npn, because: 'departure', by: 'ops', at: monday }),
    );
    await harness.db
      .updateTable('onboardings')
      .set({ closedAt: monday })
      .where('npn', '=', person.npn)
      .execute();
    for (const fail of [mailComesBack('bounced'), textRefused('21614'), deviceGone])
      await fail(person, after(minutes(1)));
    expect(await told(person)).toEqual([]);
  });
});

describe('a text that is refused because of the number', () => {
  const channelOf = async ({ npn }: Person) =>
    (await readReadiness(harness.db, { npn, at: monday }))?.channels.find(
      ({ channel }) => channel === 'text',
    );

  test('has the phone confirmed again, and no other text goes there until then', async () => {
    const person = await reachableAgent();
    const code = { id: randomUUID(), tries: 0, createdAt: monday, expiresAt: monday, confirmedAt: monday };
    await harness.db
      .insertInto('phoneCodes')
      .values({ npn: person.npn, ...code })
      .execute();
    expect(await channelOf(person)).toMatchObject({ works: true });
    await textRefused('30006')(person);
    expect(await channelOf(person)).toMatchObject({ works: false, because: 'phone-unconfirmed' });
    const codes = harness.db.selectFrom('phoneCodes').select('id').where('npn', '=', person.npn);
    expect(await codes.execute()).toEqual([]);
    const events = await harness.events({ kind: 'onboarding', npn: person.npn, planYear: 2027 });
    expect(events.at(-1)).toMatchObject({ kind: 'phone-refused', by: 'service', data: { code: '30006' } });
    expect(await harness.drainOutbox()).toContainEqual({
      type: 'wake-onboarding',
      payload: { npn: person.npn, planYear: 2027 },
    });
  });

  test.each(['30003', '30007', '30008', '21617'])(
    'is not one with %s, which is not about it',
    async (code) => {
      const person = await reachableAgent();
      await textRefused(code)(person);
      expect(await channelOf(person)).toMatchObject({ works: true });
      expect(await told(person)).toEqual([]);
    },
  );
});
