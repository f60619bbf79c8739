import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { isConflict } from '../../../runtime/retry-conflicts.ts';
import { cancelPendingNotices, recordDeparture } from '../../../store/agents/departures.ts';
import { lockOpenOnboardings } from '../../../store/agents/phones.ts';
import { lockRefusedPhone, recordRefusedPhone } from '../../../store/agents/refused-phones.ts';
import type { Database, Tx } from '../../../store/database/connection.ts';
import { applyFailureReport } from '../../../store/notifications/delivery-reports.ts';
import { stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import { decideOnReply, unclearReplies } from '../../../store/notifications/unclear-replies.ts';
import { endUnsentInvitations, lockInvitedOnboardings } from '../../../store/onboarding/returned-mail.ts';
import { lapseDeliveries } from '../../../store/ops/audit.ts';
import {
  type ActivityHarness,
  aPolicy,
  monday,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
/** Without the retry of conflicts, so that a deadlock shows. */
let db: Database;
beforeAll(async () => {
  harness = await openActivityHarness();
  db = harness.db.withSchema('public');
});
afterAll(() => harness.close());

interface Invited {
  npn: string;
  deliveryId: string;
  address: string;
}

async function invited(): Promise<Invited> {
  const { npn } = await seedAgent(harness.db, { stage: 'invited' });
  const row = await harness.db
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'noticeId')
    .innerJoin('agents', 'agents.npn', 'notices.npn')
    .select(['deliveries.id', 'email'])
    .where('notices.npn', '=', npn)
    .where('kind', '=', 'invitation')
    .executeTakeFirstOrThrow();
  return { npn, deliveryId: row.id, address: row.email };
}

type Work = (tx: Tx) => Promise<unknown>;

/** Counts the statements that wait for a lock in this database. */
const waiting = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(harness.db);
  return rows[0]?.count ?? 0;
};

async function untilWaiting(count: number): Promise<void> {
  while ((await waiting()) < count) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Starts two transactions, one after the other, while an agent's onboardings are locked. */
async function runWhileLocked(npn: string, [first, second]: [Work, Work]): Promise<string[]> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let markLocked: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    markLocked = resolve;
  });
  const lockHolder = db.transaction().execute(async (tx) => {
    await lockOpenOnboardings(tx, npn);
    markLocked();
    await released;
  });
  await locked;
  const run = (work: Work) =>
    db
      .transaction()
      .execute(work)
      .then(
        () => 'done',
        (error: unknown) => (isConflict(error) ? 'deadlock' : String(error)),
      );
  const one = run(first);
  await untilWaiting(1);
  const other = run(second);
  await untilWaiting(2);
  release();
  await lockHolder;
  return Promise.all([one, other]);
}

const departure =
  ({ npn }: Invited): Work =>
  async (tx) => {
    await recordDeparture(tx, { npn, because: 'departure', by: 'ops', at: monday });
    await cancelPendingNotices(tx, { npn, at: monday });
  };

const returned =
  ({ deliveryId, address }: Invited): Work =>
  (tx) =>
    applyFailureReport(
      tx,
      keyring,
      {
        attemptId: deliveryId,
        providerMessageId: 'message',
        status: 'bounced',
        code: 'Permanent/General',
        addresses: [address],
        at: monday,
      },
      aPolicy(),
    );

const lapsed =
  ({ deliveryId }: Invited): Work =>
  async (tx) => {
    await lockInvitedOnboardings(tx, [deliveryId]);
    await lapseDeliveries(tx, [deliveryId], monday);
    await endUnsentInvitations(tx, { deliveryIds: [deliveryId], at: monday });
  };

const textRefused =
  (code: string) =>
  ({ deliveryId }: Invited): Work =>
  async (tx) => {
    await lockRefusedPhone(tx, '+15125550100');
    const report = {
      attemptId: deliveryId,
      providerMessageId: 'message',
      status: 'refused',
      code,
    } as const;
    await applyFailureReport(tx, keyring, { ...report, at: monday }, aPolicy());
    await recordRefusedPhone(tx, { ...keyed('+15125550100'), code, at: monday });
  };

describe('an agent leaves', () => {
  test.each([
    ['the invitation comes back', returned],
    ['the invitation lapses', lapsed],
    ['a message is refused because texts are stopped', textRefused('21610')],
    ['a message is refused because of the number', textRefused('21614')],
  ])('while %s: both are done, whichever comes first', async (_what, meanwhile) => {
    for (const isFirst of [true, false]) {
      const agent = await invited();
      await harness.db
        .updateTable('agents')
        .set({ phone: '+15125550100' })
        .where('npn', '=', agent.npn)
        .execute();
      const pair: [Work, Work] = [departure(agent), meanwhile(agent)];
      expect(await runWhileLocked(agent.npn, isFirst ? pair : [pair[1], pair[0]])).toEqual(['done', 'done']);
      await harness.db.updateTable('agents').set({ phone: null }).execute();
    }
  });
});

test('texts are stopped by a clear word while ops decide about an unclear one: both are done', async () => {
  const { npn } = await seedAgent(harness.db);
  const { id: accountId } = await harness.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow();
  for (const isFirst of [true, false]) {
    const phone = `+1512555011${isFirst ? 1 : 2}`;
    await harness.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
    await stopTexts(harness.db, { ...keyed(phone), by: 'unclear-reply', at: monday });
    const id = (await unclearReplies(harness.db, 1))[0]?.id ?? '';
    const stop: Work = (tx) => stopTexts(tx, { ...keyed(phone), by: 'reply', at: monday });
    const decide: Work = (tx) =>
      decideOnReply(tx, { id, texts: 'again', accountId, reason: 'asked', at: monday });
    const ends = await runWhileLocked(npn, isFirst ? [stop, decide] : [decide, stop]);
    expect(ends).toEqual(['done', 'done']);
  }
});
