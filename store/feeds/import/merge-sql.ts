import { insertBulkMessagesSql, wakeOnboardingsSql } from '../../outbox.ts';
import type { FeedDefinition } from './definitions.ts';

/*
 * SQL of an import, built from the definition's column names alone, never from the file.
 * `staged` holds the file: good rows with `reason` null; bad rows with their reason and the readable parts of their key.
 * `differing` holds one row for each change that makes the table equal to the good rows.
 */

/** Creates `staged`. The NPN is text there: it was checked when it was read, and the table checks it again. Parameters: none. */
export function createStagingTable({ table, columns }: FeedDefinition): string {
  const names = columns.map(({ column }) => (column === 'npn' ? 'npn::text as npn' : column));
  return `
    create temp table staged on commit drop as select ${names.join(', ')} from ${table} with no data;
    alter table staged add column line integer, add column reason text`;
}

/** Copies the file into `staged`. Parameters: none. */
export function copyIntoStaging({ columns }: FeedDefinition): string {
  return `copy staged (${columns.map(({ column }) => column).join(', ')}, line, reason) from stdin`;
}

/** Compares the good rows with the table in one pass over both, into `differing`. Parameters: none. */
export function findDiffering({ table, columns, key }: FeedDefinition): string {
  const values = nonKeyColumns({ columns, key });
  const either = key.map((name) => `coalesce(incoming.${name}, existing.${name}) as ${name}`);
  return `
    drop table if exists differing;
    create temp table differing on commit drop as
    select case when existing.npn is null then 'add' when incoming.npn is null then 'remove' else 'change' end as action,
           ${[...either, ...values.map((name) => `incoming.${name}`)].join(', ')}
      from (select * from staged where reason is null) incoming
      full join ${table} existing on (${qualify('existing', key)}) = (${qualify('incoming', key)})
     where existing.npn is null or incoming.npn is null
        or (${qualify('existing', values)}) is distinct from (${qualify('incoming', values)});
    analyze differing (action, npn)`;
}

/** Makes `differing` a view of all good rows, for an empty table: nothing has to be compared or copied. Parameters: none. */
export function addAll({ columns }: FeedDefinition): string {
  const names = columns.map(({ column }) => column).join(', ');
  return `
    create or replace temp view differing as
    select 'add' as action, ${names} from staged where reason is null;
    analyze staged (npn)`;
}

/** Counts the rows of `differing` by action. Parameters: none. */
export const countDiffering = `
  select count(*) filter (where action = 'add')::integer as added,
         count(*) filter (where action = 'change')::integer as changed,
         count(*) filter (where action = 'remove')::integer as removed
    from differing`;

/** Returns whether `differing` adds a key more than once. Parameters: none. */
export function findRepeated({ key }: FeedDefinition): string {
  return `
    select exists (
      select from differing where action = 'add' group by ${key.join(', ')} having count(*) > 1
    ) as found`;
}

/** Marks all rows of a repeated key but the first as bad. Parameters: the reason. */
export function markRepeated({ key }: FeedDefinition): string {
  const names = key.join(', ');
  return `
    update staged set reason = $1
      from (select ${names}, min(line) as first_line from staged where reason is null
             group by ${names} having count(*) > 1) repeated
     where reason is null and (${qualify('staged', key)}) = (${qualify('repeated', key)}) and line > first_line`;
}

/**
 * Keeps rows that a bad row may stand for: those with the same NPN whose key agrees with the readable parts of the bad
 * row's key. Parameters: none.
 */
export function spareRowsOfBadNpns({ key }: FeedDefinition): string {
  const agree = key
    .filter((name) => name !== 'npn')
    .map((name) => `and (bad.${name} is null or bad.${name} = differing.${name})`);
  return `
    delete from differing
     where action = 'remove'
       and exists (select from staged bad where bad.reason is not null and bad.npn = differing.npn ${agree.join(' ')})`;
}

/** Counts bad rows without a readable NPN. Parameters: none. */
export const countWithoutNpn = `
  select count(*)::integer as count from staged where reason is not null and npn is null`;

/**
 * Keeps rows that a bad row without a readable NPN may stand for: all whose key agrees with the readable parts of the bad
 * row's key. Parameters: none.
 */
export function spareRowsWithoutNpn({ key }: FeedDefinition): string {
  const others = key.filter((name) => name !== 'npn');
  const agree = others.map((name) => `(bad.${name} is null or bad.${name} = differing.${name})`);
  return `
    delete from differing
     where action = 'remove'
       and exists (
         select from (select distinct ${others.join(', ')} from staged where reason is not null and npn is null) bad
          where ${agree.join(' and ')})`;
}

/** Appends a text to the reasons of bad rows without a readable NPN. Parameters: the text. */
export const appendSparedReason = `
  update staged set reason = reason || $1 where reason is not null and npn is null`;

/** Inserts new rows. Parameters: the release's id, the instant it was received. */
export function addRows({ table, columns, remembered }: FeedDefinition): string {
  const names = columns.map(({ column }) => column);
  return `
    insert into ${table} (${names.join(', ')}, ${remembered ? `${remembered.column}, ` : ''}release_id, changed_at)
    select ${qualify('incoming', names)}, ${remembered ? `${remembered.onNew}, ` : ''}$1, $2
      from differing incoming where action = 'add'`;
}

/** Updates changed rows. Parameters: the release's id, the instant it was received. */
export function changeRows({ table, columns, key, remembered }: FeedDefinition): string {
  const set = [
    ...nonKeyColumns({ columns, key }).map((name) => `${name} = incoming.${name}`),
    ...(remembered ? [`${remembered.column} = ${remembered.onExisting}`] : []),
  ];
  return `
    update ${table} existing set ${set.join(', ')}, release_id = $1, changed_at = $2
      from differing incoming where action = 'change' and (${qualify('existing', key)}) = (${qualify('incoming', key)})`;
}

/** Deletes removed rows. Parameters: none. */
export function removeRows({ table, key }: FeedDefinition): string {
  return `
    delete from ${table} existing using differing
     where action = 'remove' and (${qualify('existing', key)}) = (${qualify('differing', key)})`;
}

/** Wakes the open onboardings of exactly the NPNs, or NPNs and plan years, whose rows differ. Parameters: none. */
export function wakeAffectedOnboardings({ concerns }: FeedDefinition): string {
  const names = concerns === 'plan-year' ? ['npn', 'plan_year'] : ['npn'];
  return wakeOnboardingsSql(`(${qualify('o', names)}) in (select ${names.join(', ')} from differing)`);
}

/** Opens the onboardings of new rows and starts their workflows. Parameters: the instant of receipt. */
export const openOnboardings = `
  with opened as (
    insert into onboardings (npn, plan_year, since, created_at)
    select npn, plan_year, $1, $1 from differing where action = 'add'
    on conflict do nothing
    returning npn, plan_year
  )
  ${insertBulkMessagesSql('start-onboarding', { npn: 'npn', planYear: 'plan_year' })}
    from opened order by plan_year, npn`;

/**
 * Reopens lapsed onboardings whose registration has a later end date now, so that an end date published by mistake does
 * not shut an agent out for a year. Until the workflow reviews, the registration stands as the cause. Parameters: the
 * instant of receipt, its day.
 */
export const reopenLapsed = `
  with lapsed as (
    -- locked in the order of all such locks: NPN, plan year
    select o.npn, o.plan_year
      from onboardings o join differing d on o.npn = d.npn and o.plan_year = d.plan_year
     where d.action in ('add', 'change') and o.stage = 'lapsed' and o.closed_at is not null
       and coalesce(d.ends_on, make_date(d.plan_year, 12, 31)) >= $2
     order by o.npn, o.plan_year for update of o
  ), reopened as (
    update onboardings o
       set stage = case when o.eligible_at is null or not exists (
                     select from agents a where a.npn = o.npn and a.registered_at is not null)
                   then 'awaiting-eligibility' else 'suspended' end,
           causes = '{marketplace-registration}', since = $1, next_change_at = null, closed_at = null
      from lapsed l
     where o.npn = l.npn and o.plan_year = l.plan_year
    returning o.npn, o.plan_year
  )
  ${insertBulkMessagesSql('start-onboarding', { npn: 'npn', planYear: 'plan_year', again: 'true' })}
    from reopened order by plan_year, npn`;

function nonKeyColumns({ columns, key }: Pick<FeedDefinition, 'columns' | 'key'>): string[] {
  return columns.map(({ column }) => column).filter((name) => !key.includes(name));
}

function qualify(row: string, columns: readonly string[]): string {
  return columns.map((name) => `${row}.${name}`).join(', ');
}
