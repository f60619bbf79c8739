import type { FeedDefinition } from './definitions.ts';

/*
 * The statements of one import, made of the definition's own column names; nothing of a file gets in here.
 * `staged` holds the file: good rows with `reason` null, bad ones with their reason and whatever of the key was
 * readable. `touched` holds what the merge did.
 */

/** Parameters: none. */
export function createStaged({ table, columns }: FeedDefinition): string {
  const names = columns.map(({ column }) => column).join(', ');
  return `
    create temp table staged on commit drop as select ${names} from ${table} with no data;
    alter table staged add column line integer, add column reason text;
    create temp table touched (action text, npn text, plan_year integer) on commit drop;`;
}

/** Parameters: none. */
export function copyStaged({ columns }: FeedDefinition): string {
  return `copy staged (${columns.map(({ column }) => column).join(', ')}, line, reason) from stdin`;
}

/** Marks the later rows of a key as bad. Parameters: the reason. */
export function markDuplicates({ key }: FeedDefinition): string {
  const names = key.join(', ');
  return `
    update staged set reason = $1
      from (select ${names}, min(line) as first_line from staged where reason is null
             group by ${names} having count(*) > 1) repeated
     where reason is null and (${of('staged', key)}) = (${of('repeated', key)}) and line > first_line`;
}

/**
 * Makes the table equal to the good rows and fills `touched`. A row that the file does not have goes, unless a bad
 * row may be meant for it: one with the same NPN whose readable parts of the key agree.
 * Parameters: the release's id, the instant it was received.
 */
export function merge({ table, columns, key, remembered, opensOnboardings }: FeedDefinition): string {
  const names = columns.map(({ column }) => column);
  const values = names.filter((name) => !key.includes(name));
  const [npn, ...restOfKey] = key;
  const set = [
    ...values.map((name) => `${name} = brought.${name}`),
    ...(remembered ? [`${remembered.column} = ${remembered.onKept}`] : []),
    'release_id = $1',
    'changed_at = $2',
  ];
  const meant = restOfKey.map((name) => `and (bad.${name} is null or bad.${name} = kept.${name})`).join(' ');
  return `
    with merged as (
      merge into ${table} as kept
      using (select ${names.join(', ')} from staged where reason is null) as brought
         on (${of('kept', key)}) = (${of('brought', key)})
       when matched and (${of('kept', values)}) is distinct from (${of('brought', values)}) then
         update set ${set.join(', ')}
       when not matched by target then
         insert (${names.join(', ')}, ${remembered ? `${remembered.column}, ` : ''}release_id, changed_at)
         values (${of('brought', names)}, ${remembered ? `${remembered.onNew}, ` : ''}$1, $2)
       when not matched by source and not exists (
         select from staged bad where bad.reason is not null and bad.${npn} = kept.${npn} ${meant}
       ) then delete
      returning merge_action() as action, kept.npn as npn, ${opensOnboardings ? 'kept.plan_year' : 'null::integer'} as plan_year
    )
    insert into touched select action, npn, plan_year from merged`;
}

function of(row: string, columns: readonly string[]): string {
  return columns.map((name) => `${row}.${name}`).join(', ');
}

/** What there was and what the merge did. Parameters: none; read after the merge. */
export const counts = `
  select count(*) filter (where action = 'INSERT')::integer as added,
         count(*) filter (where action = 'UPDATE')::integer as changed,
         count(*) filter (where action = 'DELETE')::integer as removed,
         (select count(*) filter (where reason is null) from staged)::integer as good,
         (select count(*) filter (where reason is not null) from staged)::integer as bad
    from touched`;

/** Wakes the open onboardings of exactly the NPNs whose rows were touched. Parameters: none. */
export const wakeOnboardings = `
  insert into outbox (deed, subject)
  select 'wake-onboarding', jsonb_build_object('npn', o.npn, 'planYear', o.plan_year)
    from onboardings o
   where o.closed_at is null and o.npn in (select npn from touched)
   order by o.npn, o.plan_year`;

/** Opens the onboardings of rows that are new, and starts their workflows. Parameters: the instant received. */
export const openOnboardings = `
  with opened as (
    insert into onboardings (npn, plan_year, since, created_at)
    select npn, plan_year, $1, $1 from touched where action = 'INSERT'
    on conflict do nothing
    returning npn, plan_year
  )
  insert into outbox (deed, subject)
  select 'start-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year)
    from opened order by plan_year, npn`;
