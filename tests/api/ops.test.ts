import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Doors, openDoors, problemOf } from './doors.ts';
import { addAgent, ask, hour, invite, logIn, offer } from './people.ts';

let doors: Doors;
let cookie: string;
beforeAll(async () => {
  doors = await openDoors();
  cookie = await logIn(doors, { role: 'ops' });
});
afterAll(() => doors.close());

interface Board {
  items: Record<string, unknown>[];
  nextPage: string | null;
}
const look = async (path: string) =>
  (await doors.call(`GET /v1/ops/${path}`, { cookie })).json as unknown as Board;

test('who is stuck, why, and for how long: by stage, cause and age', async () => {
  const old = await addAgent(doors.db, {
    stage: 'suspended',
    causes: ['npn-valid'],
    since: new Date(Date.now() - 30 * hour),
  });
  const young = await addAgent(doors.db, { stage: 'suspended', causes: ['not-terminated'] });
  const npns = async (query: string) => (await look(`onboardings?${query}`)).items.map((item) => item['npn']);
  expect(await npns('stage=suspended')).toEqual([old, young]);
  expect(await npns('stage=suspended&cause=not-terminated')).toEqual([young]);
  expect(await npns('stage=suspended&olderThan=1%20day')).toEqual([old]);
  expect(await npns('stage=suspended&olderThan=31h')).toEqual([]);
  const [item] = (await look('onboardings?stage=suspended')).items;
  expect(item).toHaveProperty('conditions.length', 9);
});

test('a long board comes in pages that miss nobody and repeat nobody', async () => {
  const since = new Date('2026-11-01T00:00:00Z');
  const added = new Set<unknown>();
  for (let i = 0; i < 120; i += 1) added.add(await addAgent(doors.db, { stage: 'lapsed', since }));
  const seen: unknown[] = [];
  let page: string | null = '';
  do {
    const board: Board = await look(`onboardings?stage=lapsed${page ? `&page=${page}` : ''}`);
    seen.push(...board.items.map((item) => item['npn']));
    page = board.nextPage;
  } while (page !== null);
  expect(seen.length).toBe(120);
  expect(new Set(seen)).toEqual(added);
  expect((await doors.call('GET /v1/ops/onboardings?page=bm9uc2Vuc2U', { cookie })).status).toBe(422);
});

test('the referral board says whose turn it is, and never who asks', async () => {
  const { id } = await ask(doors);
  const npn = await addAgent(doors.db, { registered: true });
  await offer(doors.db, { referralId: id, npn, endedAs: 'expired' });
  await offer(doors.db, { referralId: id, npn, number: 2 });
  const answer = await doors.call('GET /v1/ops/referrals?stage=queued&state=UT', { cookie });
  const { items } = answer.json as unknown as Board;
  expect(items.find((item) => item['id'] === id)).toMatchObject({ npn, offers: 2, need: 'new-coverage' });
  expect(answer.text).not.toMatch(/Reyes|555|84101/);
});

test('ops have an agent invited again, with the reason on record', async () => {
  const npn = await addAgent(doors.db);
  await invite(doors, npn);
  const body = { reason: 'The mail went to an old mailbox' };
  // leading zeros of an NPN are not significant
  const noted = await doors.call(`POST /v1/ops/onboardings/0${npn}/invitation`, { cookie, body });
  expect(noted).toMatchObject({ status: 202, json: { npn, planYear: 2027, stage: 'invited' } });
  const events = await doors.db
    .selectFrom('events')
    .selectAll()
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  expect(events).toMatchObject([{ kind: 'invitation-requested', by: 'ops', data: body }]);
});

test('an agent who is registered, or was never eligible, is not invited', async () => {
  const body = { reason: 'asked on the phone' };
  const invited = async (npn: string) =>
    problemOf(await doors.call(`POST /v1/ops/onboardings/${npn}/invitation`, { cookie, body }));
  expect(await invited(await addAgent(doors.db, { registered: true }))).toBe('already-registered');
  expect(await invited(await addAgent(doors.db, { stage: 'awaiting-eligibility' }))).toBe('not-eligible');
  expect(await invited('4711')).toBe('not-found');
});
