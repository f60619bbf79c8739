import type { Client } from 'pg';

/** The public schema of a database, from its catalog. Each list has a fixed order. */
export interface Catalog {
  domains: { name: string; type: string; checks: string[]; comment: string | null }[];
  functions: CatalogFunction[];
  tables: CatalogTable[];
  views: { name: string; query: string; comment: string | null }[];
}

export interface CatalogFunction {
  name: string;
  parameters: string;
  result: string;
  language: string;
  traits: string;
  body: string;
  comment: string | null;
}

export interface CatalogTable {
  name: string;
  options: string[] | null;
  comment: string | null;
  columns: CatalogColumn[];
  constraints: CatalogConstraint[];
  /** `create index` statements as Postgres prints them, without the indexes of constraints. */
  indexes: string[];
  triggers: string[];
}

export interface CatalogColumn {
  name: string;
  type: string;
  required: boolean;
  value: string | null;
  identity: 'a' | 'd' | '';
  generated: 's' | 'v' | '';
  comment: string | null;
}

export interface CatalogConstraint {
  name: string;
  /** Primary key, unique, foreign key, check. */
  kind: 'p' | 'u' | 'f' | 'c';
  columns: string[];
  /** The table that a foreign key references; otherwise null. */
  target: string | null;
  definition: string;
}

/** Reads the public schema, without the table that records the migrations. */
export async function readCatalog(client: Client): Promise<Catalog> {
  const read = async <Row>(query: string) => (await client.query(query)).rows as Row[];
  return {
    domains: await read(domains),
    functions: await read(functions),
    tables: await read(tables),
    views: await read(views),
  };
}

const isPublic = `'public'::regnamespace`;

const domains = `
  select t.typname as name, format_type(t.typbasetype, t.typtypmod) as type, obj_description(t.oid, 'pg_type') as comment,
         array(select 'constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid, true)
                 from pg_constraint c where c.contypid = t.oid order by c.conname) as checks
    from pg_type t
   where t.typtype = 'd' and t.typnamespace = ${isPublic}
   order by t.typname`;

const functions = `
  select p.proname as name, pg_get_function_arguments(p.oid) as parameters, pg_get_function_result(p.oid) as result,
         l.lanname as language, p.prosrc as body, obj_description(p.oid, 'pg_proc') as comment,
         concat_ws(' ', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' end,
                        case when p.proisstrict then 'strict' end,
                        case p.proparallel when 's' then 'parallel safe' end,
                        'set ' || array_to_string(p.proconfig, ' set ')) as traits
    from pg_proc p join pg_language l on l.oid = p.prolang
   where p.pronamespace = ${isPublic}
   order by p.proname, 2`;

const columns = `
  select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
         pg_get_expr(d.adbin, d.adrelid, true) as value, a.attidentity as identity, a.attgenerated as generated,
         col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
   order by a.attnum`;

const constraints = `
  select c.conname as name, c.contype as kind, pg_get_constraintdef(c.oid, true) as definition,
         (select relname from pg_class where oid = c.confrelid) as target,
         array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
                 join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by place) as columns
    from pg_constraint c
   where c.conrelid = t.oid and c.contype in ('p', 'u', 'f', 'c')
   order by array_position(array['p', 'u', 'f', 'c'], c.contype::text), c.conname`;

const indexes = `
  select pg_get_indexdef(i.indexrelid, 0, true) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
   where i.indrelid = t.oid and not exists (select from pg_constraint where conindid = i.indexrelid and conrelid = t.oid)
   order by c.relname`;

const triggers = `
  select pg_get_triggerdef(g.oid, true) as definition
    from pg_trigger g
   where g.tgrelid = t.oid and not g.tgisinternal
   order by g.tgname`;

const tables = `
  select t.relname as name, t.reloptions as options, obj_description(t.oid, 'pg_class') as comment,
         (select json_agg(x) from (${columns}) x) as columns,
         (select coalesce(json_agg(x), '[]') from (${constraints}) x) as constraints,
         array(${indexes}) as indexes, array(${triggers}) as triggers
    from pg_class t
   where t.relkind = 'r' and t.relnamespace = ${isPublic} and t.relname <> 'migrations'
   order by t.relname`;

const views = `
  select v.relname as name, pg_get_viewdef(v.oid, true) as query, obj_description(v.oid, 'pg_class') as comment
    from pg_class v
   where v.relkind = 'v' and v.relnamespace = ${isPublic}
   order by v.relname`;
