import { type Kysely, sql } from 'kysely';
import pg, { escapeIdentifier } from 'pg';

type Right = 'select' | 'insert' | 'update' | 'delete';

/** Names of the database users who work with our tables and own none of them. */
export interface GrantedUsers {
  application: string;
  /** Deletes and erases what is past its time; undefined, or the same: the application does. */
  retention?: string;
  /** Reads figures without personal data; undefined: there is no such user. */
  analytics?: string;
}

const everything: readonly Right[] = ['select', 'insert', 'update', 'delete'];

/**
 * Tables and views with which the application may do less than everything: exactly what its code does, to which a test
 * holds this list. A table that is not named here is read, inserted into, updated and deleted from.
 */
const lessThanEverything: readonly { rights: readonly Right[]; tables: string }[] = [
  // the application has nothing to do with the record of migrations
  { rights: [], tables: 'migrations' },
  // views, and reference data, which migrations load
  {
    rights: ['select'],
    tables: `candidate_index_source consent_documents marketplaces offer_answers reference_files request_ends
      terms_documents zip_states`,
  },
  // written once
  {
    rights: ['select', 'insert'],
    tables: `destroyed_keys events feed_releases notices ops_actions referral_reasons security_events terms_acceptances test_offer_answers
      test_offers text_stop_decisions zip_changes`,
  },
  // one row that a migration wrote
  { rights: ['select', 'update'], tables: 'waiting_time_counts workflow_format' },
  // never deleted on its own
  {
    rights: ['select', 'insert', 'update'],
    tables: `absences accounts agent_skips agents audit_findings audit_runs candidate_periods consent_records consents
      consumer_contacts deliveries disclosures expiration_warnings feed_imports feed_key_secrets feed_keys feed_pulls intake_pauses invitations lines_of_authority lookup_key match_decisions
      offers onboardings problem_reports referral_notes referrals rests review_groups text_replies zips`,
  },
  // never changed
  {
    rights: ['select', 'insert', 'delete'],
    tables: `agent_medians availability_hours feed_bad_rows feed_pull_pages looked_up_licenses passkey_challenges
      processed_reports recovery_codes registration_requests waiting_times`,
  },
];

const rightsByTable = new Map(
  lessThanEverything.flatMap(({ rights, tables }) =>
    tables.split(/\s+/).map((name) => [name, rights] as const),
  ),
);

/**
 * What the user who deletes and erases what is past its time may do besides reading: exactly what that job does, to which a
 * test holds this list.
 */
const rightsOfRetention: readonly { rights: readonly Right[]; tables: string }[] = [
  {
    rights: ['delete'],
    tables: `absences accounts agent_skips audit_findings audit_runs availability_hours availability_overrides contact_changes
      contact_codes consents events feed_imports feed_pulls intake_pauses known_devices license_lookups match_decisions
      notices offers onboardings ops_actions passkey_challenges password_resets phone_codes push_subscriptions rate_limits
      referral_keys registration_requests rests security_events sessions test_offers text_replies text_stop_decisions
      zip_changes`,
  },
  { rights: ['insert', 'delete'], tables: 'consent_records destroyed_keys' },
  { rights: ['update'], tables: 'invitations text_opt_outs' },
  { rights: ['update', 'delete'], tables: 'agents problem_reports referrals' },
  // triggers keep them up to date when an agent changes
  { rights: ['insert', 'update', 'delete'], tables: 'candidate_index candidate_periods' },
];

const retentionByTable = new Map(
  rightsOfRetention.flatMap(({ rights, tables }) =>
    tables.split(/\s+/).map((name) => [name, rights] as const),
  ),
);

/** Returns what the job of retention may do with a table or view. */
const rightsOfRetentionOn = (table: string): readonly Right[] =>
  table === 'migrations' ? [] : ['select', ...(retentionByTable.get(table) ?? [])];

/** What the analytics user reads: counts, NPNs, states and instants; no name, contact, token or free text. */
const readByAnalytics: ReadonlySet<string> = new Set([
  'offer_answers',
  'request_ends',
  'waiting_time_counts',
  'waiting_times',
]);

/** Returns what the application may do with a table or view. */
const rightsOfApplication = (table: string) => rightsByTable.get(table) ?? everything;

/** Returns what one user needs who does both jobs. */
const rightsOfBoth = (table: string): Right[] => [
  ...new Set([...rightsOfApplication(table), ...rightsOfRetentionOn(table)]),
];

const rightsOfAnalytics = (table: string): readonly Right[] => (readByAnalytics.has(table) ? ['select'] : []);

/**
 * Grants each user what they need on the tables as they are now, and takes back what is more. Safe to repeat, and then
 * changes nothing. A user who owns the tables is left alone: one user may do both jobs.
 * @param databaseUrl with the user who owns the tables
 */
export async function grantRights(databaseUrl: string, users: GrantedUsers): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('rights'))");
    const { application, retention = application, analytics } = users;
    await grantTo(client, application, retention === application ? rightsOfBoth : rightsOfApplication);
    if (retention !== application) await grantTo(client, retention, rightsOfRetentionOn);
    if (analytics !== undefined) await grantTo(client, analytics, rightsOfAnalytics);
    await client.query('commit');
  } finally {
    // also what a failure has left open
    await client.end();
  }
}

async function grantTo(
  client: pg.Client,
  user: string,
  rightsOn: (table: string) => readonly Right[],
): Promise<void> {
  const { rows } = await client.query<{ name: string; granted: string[] }>(
    `select c.relname as name,
            array(select lower(privilege_type) from aclexplode(c.relacl) where grantee = r.oid) as granted
       from pg_class c, pg_roles r
      where r.rolname = $1 and r.rolname <> current_user
        and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
      order by c.relname`,
    [user],
  );
  const to = escapeIdentifier(user);
  for (const { name, granted } of rows) {
    const wanted = rightsOn(name);
    if (wanted.toSorted().join() === granted.toSorted().join()) continue;
    const table = `public.${escapeIdentifier(name)}`;
    await client.query(`revoke all on ${table} from ${to}`);
    if (wanted.length > 0) await client.query(`grant ${wanted.join(', ')} on ${table} to ${to}`);
  }
}

/** A user of the database, as they are connected. */
export interface ConnectedUser {
  name: string;
  /** Rights that no application needs: `superuser`, `creates-roles`, `creates-databases`, `creates-tables`, `owns-tables`. */
  excessRights: string[];
}

/** Reads who is connected, and what they may do beyond the work of the application. */
export async function readConnectedUser<DB>(db: Kysely<DB>): Promise<ConnectedUser> {
  const { rows } = await sql<ConnectedUser>`
    select rolname as name, array_remove(array[
        case when rolsuper then 'superuser' end,
        case when rolcreaterole then 'creates-roles' end,
        case when rolcreatedb then 'creates-databases' end,
        case when has_schema_privilege('public', 'create') then 'creates-tables' end,
        case when exists (select from pg_class where relnamespace = 'public'::regnamespace
                             and pg_has_role(relowner, 'usage')) then 'owns-tables' end
      ], null) as "excessRights"
    from pg_roles where rolname = current_user`.execute(db);
  const [user] = rows;
  if (user === undefined) throw new Error('Postgres does not know its current user');
  return user;
}
