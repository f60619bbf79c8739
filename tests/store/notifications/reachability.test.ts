import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  type Channel,
  type ContactPreference,
  contactPreferences,
  lineTypes,
} from '../../../domain/notifications/contact.ts';
import { createDatabase } from '../../../runtime/database.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { currentLoad, firstExclusion, hardRules, isExcluded } from '../../../store/matching/match-rules.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { readFactsOfMany } from '../../../store/onboarding/facts.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

const at = new Date('2026-11-23T15:00:00Z');
const planYear = 2027;

/** What is stored about how one agent can be reached. */
interface Stored {
  preference: ContactPreference | null;
  isMailReturned: boolean;
  hasPhone: boolean;
  lineType: string | null;
  isConfirmed: boolean;
  mustBeConfirmed: boolean;
  hasStopped: boolean;
  push: 'none' | 'live' | 'gone';
}

/** Every combination, each with an agent of its own. */
const agents = combinationsOf<Stored>({
  preference: [null, ...contactPreferences],
  isMailReturned: [false, true],
  hasPhone: [false, true],
  lineType: [null, ...lineTypes],
  isConfirmed: [false, true],
  mustBeConfirmed: [false, true],
  hasStopped: [false, true],
  push: ['none', 'live', 'gone'],
}).map((stored, index) => ({ npn: `${100_000 + index}`, ...stored, offeredOver: channelsOf(stored) }));

/** The rule, in other words than those of the product. */
function channelsOf(agent: Stored): Channel[] {
  const { preference, isMailReturned, hasPhone, lineType, isConfirmed, mustBeConfirmed, hasStopped } = agent;
  const wants = (preference ?? 'email').split('-');
  const found: Channel[] = isMailReturned ? [] : ['email'];
  const isDeadLine = lineType === 'landline' || lineType === 'no-texts' || lineType === 'no-number';
  const isUnproven = mustBeConfirmed && !isConfirmed;
  if (wants.includes('text') && hasPhone && !isDeadLine && !isUnproven && !hasStopped) found.push('text');
  if (wants.includes('app') && agent.push === 'live') found.push('push');
  return found;
}

function combinationsOf<Row extends object>(values: { [Name in keyof Row]: readonly Row[Name][] }): Row[] {
  return Object.entries<readonly unknown[]>(values).reduce<Row[]>(
    (rows, [name, options]) => rows.flatMap((row) => options.map((option) => ({ ...row, [name]: option }))),
    [{} as Row],
  );
}

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
  await sql`
    with stored as (
      select *, '+1801' || npn as number from jsonb_to_recordset(${JSON.stringify(agents)}::jsonb) as agent (
        npn text, preference text, "isMailReturned" boolean, "hasPhone" boolean, "lineType" text,
        "isConfirmed" boolean, "mustBeConfirmed" boolean, "hasStopped" boolean, push text)
    ), agent as (
      insert into agents (npn, first_name, last_name, email, synced_at, registered_at, languages, states_wanted,
        contact_preference, email_undeliverable_at, phone, phone_line_type, phone_confirmed_at, phone_must_be_confirmed)
      select npn, 'Ann', 'Ash', npn || '@example.com', ${at}, ${at}, '{en}', '{TX}', preference,
        case when "isMailReturned" then ${at}::timestamptz end, case when "hasPhone" then number end, "lineType",
        case when "isConfirmed" then ${at}::timestamptz end, "mustBeConfirmed"
      from stored returning npn
    ), stopped as (
      insert into text_opt_outs (phone, phone_key, stopped_at, stopped_by) select number, number, ${at}, 'reply' from stored where "hasStopped"
    ), subscribed as (
      insert into push_subscriptions (endpoint, npn, p256dh, auth, created_at, gone_at)
      select 'https://push.example.com/' || npn, npn, 'p', 'a', ${at}, case when push = 'gone' then ${at}::timestamptz end
      from stored where push <> 'none'
    ), onboarding as (
      insert into onboardings (npn, plan_year, since, created_at) select npn, ${planYear}, ${at}, ${at} from agent
      returning npn, plan_year
    )
    insert into serving (npn, plan_year, state, from_at) select npn, plan_year, 'TX', ${at} from onboarding`.execute(
    db,
  );
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

describe('whatever is stored about an agent', () => {
  test('the board sees the channels that an offer would go over', async () => {
    const records = await readFactsOfMany(
      db,
      agents.map(({ npn }) => ({ npn, planYear })),
    );
    const shown = records.map(({ row, facts }) => [row.npn, facts.reach.channels]);
    expect(shown).toEqual(agents.map(({ npn, offeredOver }) => [npn, offeredOver]));
  });

  test('the matcher asks those whom an offer can reach, and says of the others that there is no channel', async () => {
    const referral = {
      id: 'c0ffee00-0000-4000-8000-000000000000',
      state: 'TX',
      zip: '78701',
      language: 'en',
      interpreter: false,
    };
    const limits = { openOffersPerAgent: 1, uncontactedReferralsPerAgent: 1 };
    const rules = hardRules(referral, { at, limits, load: currentLoad });
    const { rows } = await sql`
      select a.npn, not (${isExcluded(rules)}) as fits, ${firstExclusion(rules)} as why from agents a order by a.npn`.execute(
      db,
    );
    expect(rows).toEqual(
      agents.map(({ npn, offeredOver: { length } }) => ({
        npn,
        fits: length > 0,
        why: length > 0 ? null : 'no-channel',
      })),
    );
  });

  test('an offer goes over the same channels', async () => {
    const sent: Channel[][] = [];
    for (const { npn } of agents) {
      const notice = await db
        .transaction()
        .execute((tx) => createNotice(tx, { kind: 'offer', npn, at, dedupeKey: npn }));
      sent.push(notice.channels);
    }
    expect(sent).toEqual(agents.map(({ offeredOver }) => offeredOver));
  });
});
