import { randomBytes, randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { defaultPolicy } from '../domain/policy.ts';
import { sealAddress, sealName } from '../store/encryption/contacts.ts';
import type { Keyring } from '../store/encryption/keyring.ts';
import { toMasterKeys } from '../store/encryption/master-keys.ts';
import { newReferralKey } from '../store/encryption/referral-keys.ts';
import { type RetentionKind, readDeletionBacklog } from '../store/ops/retention.ts';
import { cleanUpPage } from '../worker/loops/cleanup-loop.ts';
import { type Figure, type Say, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const agents = 170_000;
const referrals = 50_000;
/** Referrals that are played, so that it takes minutes: each adds the same rows. */
const played = referrals / 5;
const keyring: Pick<Keyring, 'masterKeys'> = { masterKeys: toMasterKeys([randomBytes(32)]) };

/** A table that grows: rows that one day adds, and days for which they are kept (docs/security.md). */
interface Growth {
  table: string;
  aDay: number;
  days: number;
  /** SQL that adds the rows of a day, each past its time unless that is ten years. */
  rows: RawBuilder<unknown>;
}

const year = 365;
const past = (days: number) => sql.raw(`now() - interval '${(days + 1) * 24} hours'`);

/**
 * What one day adds, by assumption: for each referral what three offers may come to, of which the last is accepted, and for
 * each agent one time of availability in two states and one log-in.
 */
const growing: readonly Growth[] = [
  {
    table: 'events',
    aDay: 16 * referrals,
    days: year,
    rows: sql`insert into events (subject_kind, subject_id, sequence, kind, at, by, data)
      select 'referral', day.id, s, 'offered', ${past(year)}, 'service',
        jsonb_build_object('offerId', day.id, 'npn', '17593264', 'number', s, 'expiresAt', now())
      from day cross join generate_series(1, 16) s`,
  },
  {
    table: 'notices',
    aDay: 8 * referrals,
    days: year,
    rows: sql`insert into notices (id, kind, referral_id, language, created_at, dedupe_key)
      select gen_random_uuid(), 'offer', day.id, 'en', ${past(year)}, s || ' ' || day.id
      from day cross join generate_series(1, 8) s`,
  },
  {
    table: 'deliveries',
    aDay: 12 * referrals,
    days: year,
    rows: sql`insert into deliveries (id, notice_id, channel, status, provider_message_id, changed_at)
      select gen_random_uuid(), n.id, c.channel, 'delivered', gen_random_uuid()::text, n.created_at
      from notices n join (values ('email'), ('text')) c (channel)
        on c.channel = 'email' or left(n.dedupe_key, 1) <= '4'`,
  },
  {
    table: 'match_decisions',
    aDay: 3 * referrals,
    days: year,
    rows: sql`insert into match_decisions (referral_id, at, npn, rung, asked, limits, policy_version)
      select day.id, ${past(year)} + interval '1 minute' * s, '17593264', 'near', s,
        '{"openOffersPerAgent": 1, "uncontactedReferralsPerAgent": 3, "nearMiles": 25, "fartherMiles": 100}', 'bench'
      from day cross join generate_series(0, 2) s`,
  },
  {
    table: 'offers',
    aDay: 3 * referrals,
    days: 10 * year,
    rows: sql`insert into offers (id, referral_id, npn, number, short_code, offered_at, expires_at, ended_at, ended_as, ended_by,
        policy_version)
      select gen_random_uuid(), day.id, (2000000 + s)::text, s, '4821', ${past(year)}, ${past(year)}, ${past(year)},
        'declined', 'agent', 'bench'
      from day cross join generate_series(1, 3) s`,
  },
  {
    table: 'consents',
    aDay: 2 * referrals,
    days: 10 * year,
    rows: sql`insert into consents (referral_id, kind, language, version, given_by, given_at)
      select day.id, d.kind, d.language, d.version, 'adult', ${past(year)}
      from day cross join (
        select distinct on (kind) kind, language, version from consent_documents where language = 'en' order by kind, version desc
      ) d`,
  },
  {
    table: 'candidate_periods',
    aDay: 2 * agents,
    days: 90,
    rows: sql`insert into candidate_periods (npn, state, from_at, until_at)
      select npn, s, ${past(91)}, ${past(90)} from agents cross join (values ('TX'), ('AZ')) s (s)`,
  },
  {
    table: 'security_events',
    aDay: agents,
    days: year,
    rows: sql`insert into security_events (at, kind, network, browser, detail)
      select ${past(year)}, 'log-in', '198.51.100.7', 'Firefox on Windows', 'password' from agents`,
  },
];

/** Tables that each referral has one row of, and for how long. */
const ofReferrals: readonly Omit<Growth, 'rows'>[] = [
  { table: 'referrals', aDay: referrals, days: 10 * year },
  { table: 'consumer_contacts', aDay: referrals, days: 90 },
  { table: 'referral_keys', aDay: referrals, days: 90 },
  { table: 'destroyed_keys', aDay: referrals, days: 90 },
  { table: 'consent_records', aDay: referrals, days: 10 * year },
];

/**
 * Plays one day of 170,000 agents and a fifth of its 50,000 referrals that is past its time, and has the job delete and erase
 * it: rows and bytes of each table before and after, and on paper those of a service that has run for so long that as much goes
 * as comes.
 */
export async function measureRetention(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, async (bench) => {
    say(`playing a day of ${agents} agents and ${played} of its ${referrals} referrals`);
    await addAgents(bench);
    await addReferrals(bench);
    for (const { rows } of growing) await rows.execute(bench.db);
    await bench.pool.query('vacuum analyze');
    const tables = [...growing.map(({ table }) => table), ...ofReferrals.map(({ table }) => table)];
    const before = await sizesOf(bench, tables);
    let pages = 0;
    const finished = new Set<RetentionKind>();
    const seconds = await secondsOf(async () => {
      do {
        signal.throwIfAborted();
        pages += 1;
      } while (await cleanUp(bench, finished, signal));
    });
    await bench.pool.query('vacuum analyze');
    const after = await sizesOf(bench, tables);
    say(
      'table: rows and megabytes that were played, the same after the job; kept for, and on paper after that time',
    );
    for (const { table, aDay, days } of [...growing, ...ofReferrals]) {
      const [was, is] = [before.get(table), after.get(table)];
      if (!was || !is) continue;
      // what the job itself writes is there only afterwards
      const sample = was.rows > 0 ? was : is;
      const bytesOfRow = sample.bytes / sample.rows;
      say(
        `${table}: ${was.rows} rows, ${megabytes(was.bytes)} MB; ${is.rows} rows, ${megabytes(is.bytes)} MB; ` +
          `${days} days, ${Math.round((aDay * days) / 1_000_000)} million rows, ` +
          `${Math.round((aDay * days * bytesOfRow) / 1e9)} GB`,
      );
    }
    const late = Object.values(await readDeletionBacklog(bench.db, defaultPolicy));
    say(`the job took ${seconds.toFixed(0)} s, in ${pages} pages`);
    return [
      {
        name: 'retention of a day',
        baseline: 'of the day',
        // as if all of it were of referrals
        value: (100 * seconds * referrals) / played / 86_400,
        max: 5,
        unit: '%',
      },
      {
        name: 'rows past their time after the job',
        baseline: 'a day of 170,000 agents',
        value: late.reduce((sum, { count }) => sum + count, 0),
        max: 0,
        unit: 'rows',
      },
    ];
  });
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Runs a page of each kind that is not finished, as a pass of the job does. @returns whether there may be more */
async function cleanUp({ db }: Bench, finished: Set<RetentionKind>, stopping: AbortSignal): Promise<boolean> {
  const log = {
    info: () => undefined,
    warn: (values: object, message: string) => {
      throw new Error(`${message}: ${JSON.stringify(values)}`);
    },
  };
  const { isFull } = await cleanUpPage(
    { db, keyring, policy: defaultPolicy, log },
    { at: new Date(), finished, stopping },
  );
  return isFull;
}

async function addAgents({ db }: Bench): Promise<void> {
  await sql`
    insert into agents (npn, first_name, last_name, email, synced_at)
    select (2000000 + n)::text, 'Agent', n::text, n || '@example.org', now() from generate_series(1, ${agents}) n`.execute(
    db,
  );
}

/** Adds referrals that ended a year and a day ago and whose consumers are to be erased, each with a key of its own. */
async function addReferrals({ db }: Bench): Promise<void> {
  const page = 5_000;
  for (let first = 0; first < played; first += page) {
    const rows = Array.from({ length: Math.min(page, played - first) }, (_, index) => {
      const { stored, ...key } = newReferralKey(keyring, randomUUID());
      return {
        id: key.referralId,
        wrapped: stored.wrappedKey,
        name: sealName(key, `Consumer ${first + index}`),
        phone: sealAddress(key, 'phone', '+16025550142'),
        email: sealAddress(key, 'email', `consumer.${first + index}@example.org`),
      };
    });
    const column = <Name extends keyof (typeof rows)[number]>(name: Name) => rows.map((row) => row[name]);
    const ids = column('id');
    await sql`
      insert into referrals (id, stage, since, created_at, closed_at, zip, city, state, time_zone, language, interpreter,
        coverage_year, need, token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version)
      select id, 'closed', ${past(year)}, ${past(year)}, ${past(year)}, '85004', 'Phoenix', 'AZ', 'America/Phoenix', 'en', false,
        2027, 'new-coverage', md5(id::text) || md5(id::text), md5(id::text) || md5(id::text), md5(id::text), ${past(year)}, 'bench'
      from unnest(${ids}::uuid[]) id`.execute(db);
    await sql`
      insert into referral_keys (referral_id, wrapped_key, master_key_id, created_at, erase_at)
      select k.id, k.key, ${keyring.masterKeys[0].id}, ${past(year)}, ${past(90)}
      from unnest(${ids}::uuid[], ${column('wrapped')}::bytea[]) as k (id, key)`.execute(db);
    await sql`
      insert into consumer_contacts (referral_id, name, phone, email)
      select * from unnest(${ids}::uuid[], ${column('name')}::bytea[], ${column('phone')}::bytea[],
        ${column('email')}::bytea[])`.execute(db);
  }
  await sql`create temporary table day as select id from referrals`.execute(db);
}

/** Reads the exact rows of tables, and their bytes with indexes. */
async function sizesOf(
  { pool }: Bench,
  tables: readonly string[],
): Promise<Map<string, { rows: number; bytes: number }>> {
  const sizes = new Map<string, { rows: number; bytes: number }>();
  for (const table of tables) {
    const { rows } = await pool.query<{ rows: string; bytes: string }>(
      `select (select count(*) from ${table}) as rows, pg_total_relation_size($1::regclass) as bytes`,
      [table],
    );
    sizes.set(table, { rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) });
  }
  return sizes;
}
