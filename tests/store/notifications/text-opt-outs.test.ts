import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { replacePhone } from '../../../store/agents/phones.ts';
import { readContactFacts } from '../../../store/notifications/reachability.ts';
import { areTextsStopped, startTexts, stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  minutes,
  openActivityHarness,
} from '../../harness/activity-harness.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

let harness: ActivityHarness;
beforeAll(async () => {
  harness = await openActivityHarness();
});
afterAll(() => harness.close());

const inTransaction = <T>(work: (tx: ActivityHarness['db']) => Promise<T>) =>
  harness.db.transaction().execute((tx) => work(tx));
const stored = () => harness.db.selectFrom('textOptOuts').select(['phone', 'phoneKey']).execute();

test('of a phone that is no agent’s the table has a hash alone; once it is an agent’s, their texts are off too', async () => {
  const phone = '+15125550144';
  await inTransaction((tx) => stopTexts(tx, { ...keyed(phone), by: 'reply', at: after(0) }));
  expect(await stored()).toEqual([{ phone: null, phoneKey: keyed(phone).phoneKey }]);
  expect(await areTextsStopped(harness.db, keyed(phone))).toBe(true);

  const { npn } = await seedAgent(harness.db);
  const facts = async () => (await readContactFacts(harness.db, npn))?.textsAllowed;
  expect(await facts()).toBe(true);
  const policy = aPolicy();
  const entered = { npn, phone, lineType: 'mobile', at: after(minutes(1)), policy } as const;
  await inTransaction((tx) => replacePhone(tx, keyring, entered));
  expect(await facts()).toBe(false);
  expect(await stored()).toEqual([keyed(phone)]);
  await inTransaction((tx) => startTexts(tx, { ...keyed(phone), at: after(minutes(2)) }));
  expect([await facts(), await stored()]).toEqual([true, []]);
});

test('of an agent’s phone the table has the number, by which their offers are not texted', async () => {
  const { npn } = await seedAgent(harness.db, { agent: { phone: '+15125550145' } });
  const at = after(0);
  await inTransaction((tx) => stopTexts(tx, { ...keyed('+15125550145'), by: 'reply', at }));
  expect(await stored()).toEqual([keyed('+15125550145')]);
  expect(await readContactFacts(harness.db, npn)).toMatchObject({ textsAllowed: false });
});
