import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { refusalOf } from '../../../domain/failures.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { rescindConsent } from '../../../store/referrals/consumer-actions.ts';
import {
  type ActivityHarness,
  after,
  minutes,
  monday,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { keyring } from '../../harness/keyring.ts';
import { seedAgent, seedOffer, seedReferral } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Runs an activity that has to wait for a transaction which has changed something and commits only then. */
async function afterWaiting<T>(change: (tx: Tx) => Promise<unknown>, activity: () => Promise<T>): Promise<T> {
  const tx = await harness.db.startTransaction().execute();
  await change(tx);
  const running = activity();
  await eventually(async () => {
    const { rows } = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(harness.db);
    expect(rows).toHaveLength(1);
  });
  await tx.commit().execute();
  return running;
}

describe('an activity that waited for a lock goes by what was committed meanwhile', () => {
  test('a match asks nobody after the consent was taken back', async () => {
    await seedAgent(harness.db);
    const referralId = await seedReferral(harness.db);
    const found = await afterWaiting(
      (tx) => rescindConsent(tx, keyring, { referralId, at: monday }),
      () => harness.activities.matchReferral({ referralId, at: textAfter(0), woken: false }),
    );
    expect(found).toMatchObject({ found: 'over', because: 'withdrawn' });
    expect(await harness.db.selectFrom('offers').select('id').execute()).toEqual([]);
  });

  test('an acceptance is refused after the consent was taken back', async () => {
    await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const accepted = afterWaiting(
      (tx) => rescindConsent(tx, keyring, { referralId: offer.referralId, at: monday }),
      () => harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) }),
    );
    expect(await accepted.catch(refusalOf)).toMatchObject({ type: 'offer-ended' });
  });

  test('an acceptance ends the rest that began for its agent', async () => {
    const { npn } = await seedAgent(harness.db);
    const offer = await seedOffer(harness);
    const rest = { id: offer.offerId, npn, beganAt: monday, unseenOffers: 3 };
    await afterWaiting(
      async (tx) => {
        await tx.updateTable('agents').set({ restingSince: monday }).where('npn', '=', npn).execute();
        await tx.insertInto('rests').values(rest).execute();
      },
      () => harness.activities.acceptOffer({ ...offer, at: textAfter(minutes(5)) }),
    );
    const rests = await harness.db.selectFrom('rests').select(['endedAt', 'endedBy']).execute();
    expect(rests).toEqual([{ endedAt: after(minutes(5)), endedBy: 'answer' }]);
  });
});
