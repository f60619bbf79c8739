import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { logInAs, requestReferral } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
  // a trigger that raises a deadlock error this many times; a sequence keeps its count across rollbacks
  await asOwner(
    api,
    `create sequence conflicts;
     create table conflicts_left (count integer not null);
     insert into conflicts_left values (0);
     create function conflict() returns trigger language plpgsql security definer as $$ begin
       if nextval('conflicts') <= (select count from conflicts_left) then
         raise exception using errcode = '40P01', message = 'deadlock detected';
       end if;
       return new;
     end $$;
     create trigger conflict before insert on ops_actions for each row execute function conflict()`,
  );
});
afterAll(() => api.close());

async function addNote(conflicts: number) {
  await asOwner(api, `alter sequence conflicts restart; update conflicts_left set count = ${conflicts}`);
  const { id } = await requestReferral(api);
  const answer = await api.call(`POST /v1/ops/referrals/${id}/notes`, {
    cookie,
    body: { reason: 'called' },
  });
  const { rows } = await sql`select from ops_actions where referral_id = ${id}`.execute(api.db);
  return { answer, acts: rows.length };
}

test('a request whose transaction Postgres ends by a deadlock is retried: answered as any other, and done once', async () => {
  const { answer, acts } = await addNote(2);
  expect([answer.status, acts]).toEqual([200, 1]);
});

test('a request that meets a deadlock again and again is answered 503 with Retry-After', async () => {
  const { answer, acts } = await addNote(100);
  expect([answer.status, problemNameOf(answer), acts]).toEqual([503, 'unavailable', 0]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a request that waits too long for a row is answered 503 with Retry-After, and nothing is done', async () => {
  const { id } = await requestReferral(api);
  const add = () =>
    api.call(`POST /v1/ops/referrals/${id}/closure`, { cookie, body: { reason: 'a duplicate' } });
  const blocked = await api.db.transaction().execute(async (tx) => {
    await sql`select from referrals where id = ${id} for update`.execute(tx);
    return add();
  });
  expect([blocked.status, problemNameOf(blocked)]).toEqual([503, 'unavailable']);
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  const { rows } = await sql`select from ops_actions where referral_id = ${id}`.execute(api.db);
  expect(rows).toEqual([]);
});
