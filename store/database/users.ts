import pg, { escapeIdentifier, escapeLiteral } from 'pg';

/** A user of the database who can log in. */
export interface DatabaseLogin {
  name: string;
  password: string;
}

/** The users of a Postgres server that is ours alone; none of them is a superuser. */
export interface DatabaseUsers {
  /** Owns our database and its tables, and migrates them. */
  migrations: DatabaseLogin;
  /** API, worker and commands. */
  application: DatabaseLogin;
  /** Deletes and erases what is past its time. */
  retention: DatabaseLogin;
  /** Reads figures without personal data. */
  analytics?: DatabaseLogin;
  /** Owns the databases of Temporal, and does not reach ours; undefined where Temporal has a Postgres of its own. */
  temporal?: DatabaseLogin;
}

const databasesOfTemporal = ['temporal', 'temporal_visibility'];

/** Reads the user and the password of a database's URL. */
export function loginOf(databaseUrl: string): DatabaseLogin {
  const { username, password } = new URL(databaseUrl);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/**
 * Makes the users of a server with their passwords, and gives each the databases that are theirs, also what an earlier
 * version's superuser owned there. Safe to repeat. What users may do with single tables is granted by `grantRights`.
 * @param superuserUrl our database, with a superuser, whom nothing else uses
 */
export async function createUsers(superuserUrl: string, users: DatabaseUsers): Promise<void> {
  const { migrations, application, retention, analytics, temporal } = users;
  await onDatabase(superuserUrl, async (client) => {
    for (const login of [migrations, application, retention, analytics, temporal]) {
      if (login !== undefined) await saveLogin(client, login);
    }
    // who migrates sees in pg_stat_activity what the others wait for, and can end it
    for (const login of [application, retention])
      if (login.name !== migrations.name)
        await client.query(`grant ${nameOf(login)} to ${nameOf(migrations)} with inherit true, set false`);
    const database = escapeIdentifier(client.database ?? '');
    await giveDatabase(client, database, migrations);
    // an import stages its file in a temporary table
    await client.query(`grant connect, temporary on database ${database} to ${nameOf(application)}`);
    for (const login of [retention, analytics])
      if (login !== undefined)
        await client.query(`grant connect on database ${database} to ${nameOf(login)}`);
  });
  if (temporal !== undefined) await createDatabasesOfTemporal(superuserUrl, temporal);
}

async function createDatabasesOfTemporal(superuserUrl: string, temporal: DatabaseLogin): Promise<void> {
  for (const name of databasesOfTemporal) {
    await onDatabase(superuserUrl, async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
      if (rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`);
    });
    const url = Object.assign(new URL(superuserUrl), { pathname: `/${name}` }).href;
    await onDatabase(url, (client) => giveDatabase(client, escapeIdentifier(name), temporal));
  }
}

async function onDatabase(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function saveLogin(client: pg.Client, login: DatabaseLogin): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login.name]);
  if (rowCount === 0) await client.query(`create role ${nameOf(login)}`);
  await client.query(
    `alter role ${nameOf(login)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
     password ${escapeLiteral(login.password)}`,
  );
}

const nameOf = ({ name }: DatabaseLogin) => escapeIdentifier(name);

/** Gives a user the database that the client is connected to, with everything in it, and closes it to all others. */
async function giveDatabase(client: pg.Client, database: string, owner: DatabaseLogin): Promise<void> {
  await client.query(`alter database ${database} owner to ${nameOf(owner)}`);
  await client.query(`revoke all on database ${database} from public`);
  const { rows } = await client.query<{ statement: string }>(ownedByOthers, [owner.name]);
  for (const { statement } of rows) await client.query(statement);
}

/**
 * Statements that give a user everything in the public schema that is another's. `reassign owned` refuses what the first
 * superuser of a server owns. A sequence of a column, and what belongs to an extension, follow their table and extension.
 */
const ownedByOthers = `
  select format('alter %s %s owner to %I', kind, name, $1::text) as statement
    from (select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                              else 'table' end as kind,
                 oid::regclass::text as name, relowner as owner, 'pg_class'::regclass as catalog, oid
            from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
          union all
          select 'routine', oid::regprocedure::text, proowner, 'pg_proc'::regclass, oid
            from pg_proc where pronamespace = 'public'::regnamespace
          union all
          select case typtype when 'd' then 'domain' else 'type' end, oid::regtype::text, typowner, 'pg_type'::regclass, oid
            from pg_type where typnamespace = 'public'::regnamespace and typtype in ('d', 'e')) thing
   where owner <> (select oid from pg_roles where rolname = $1::text)
     and not exists (select from pg_depend d where d.classid = catalog and d.objid = thing.oid
                        and (d.deptype = 'e' or kind = 'sequence' and d.deptype in ('a', 'i')))
   order by kind, name`;
