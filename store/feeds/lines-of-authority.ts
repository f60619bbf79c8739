import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database/connection.ts';
import { wakeOnboardingsSql } from '../outbox.ts';

/** Name of a line of authority that is not mapped as health-related or not, so that it does not count. */
export interface UnmappedLineOfAuthority {
  state: string;
  name: string;
  /** Number of licenses in force with this line, and of their agents. */
  licenses: number;
  agents: number;
}

/** A mapping for one state, or for every state without its own mapping of the name (`*`). */
export interface LineOfAuthorityMapping {
  state: string;
  name: string;
  health: boolean;
}

/**
 * Normalizes the name of a line of authority to the form of the mappings. Sources differ: "ACCIDENT & HEALTH" and
 * "Accident and Health", "Life, Health, and Annuities" and "Life, Health and Annuities". `normalizeLineOfAuthority` does
 * the same in TypeScript.
 */
export const lineOfAuthorityNameSql = (column: string) =>
  `replace(replace(lower(${column}), ' & ', ' and '), ', and ', ' and ')`;
const normalizeLineOfAuthority = (name: string) =>
  name
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?& ?/g, ' & ')
    .toLowerCase()
    .replaceAll(' & ', ' and ')
    .replaceAll(', and ', ' and ');

/** All licenses: those of the feed and, for agents that the feed does not have, those of lookups. */
export const allLicensesSql = `(
  select npn, state, license_number, ${lineOfAuthorityNameSql('line_of_authority')} as name, license_class, active, line_active, expires_on
    from licenses
  union all
  select npn, state, license_number, ${lineOfAuthorityNameSql('line_of_authority')}, license_class, active, line_active, expires_on
    from looked_up_licenses looked_up
   where not exists (select from licenses l where l.npn = looked_up.npn))`;

/**
 * Selects the number of an agent's active license in a state, which is public; null if there is none. Of several licenses it
 * is always the same one.
 * @param agent,state expressions of the surrounding query
 */
export function licenseNumberSql(
  agent: RawBuilder<unknown>,
  state: RawBuilder<unknown>,
): RawBuilder<string | null> {
  return sql<string | null>`(select min(l.license_number) from ${sql.raw(allLicensesSql)} l
    where l.npn = ${agent} and l.state = ${state} and l.license_class = 'Producer' and l.active
      and coalesce(l.expires_on, 'infinity') >= current_date)`;
}

/** Reads the names in use that are not mapped, those that affect the most agents first. */
export async function readUnmappedLinesOfAuthority(tx: Tx): Promise<UnmappedLineOfAuthority[]> {
  const { rows } = await sql<UnmappedLineOfAuthority>`
    select l.state, l.name, count(distinct (npn, license_number)) filter (where in_force) as licenses,
           count(distinct npn) filter (where in_force) as agents
      from (select *, active and line_active and coalesce(expires_on, 'infinity') >= current_date as in_force
              from ${sql.raw(allLicensesSql)} every_license
             where license_class = 'Producer') l
     where not exists (select from lines_of_authority m where m.name = l.name and m.state in (l.state, '*'))
     group by l.state, l.name
     order by agents desc, l.state, l.name`.execute(tx);
  return rows;
}

/**
 * Maps a name as health-related or not, records by whom and when, and wakes the onboardings of exactly the agents who have
 * a license with that line of authority, in the caller's transaction. The same mapping again changes nothing.
 * @returns whether it changed, and the number of onboardings woken
 */
export async function mapLineOfAuthority(
  tx: Tx,
  { by, at, ...mapping }: LineOfAuthorityMapping & { by: string; at: Date },
): Promise<{ changed: boolean; woken: number }> {
  const state = mapping.state.toUpperCase();
  const name = normalizeLineOfAuthority(mapping.name);
  const { health } = mapping;
  const changed = await tx
    .insertInto('linesOfAuthority')
    .values({ state, name, health, setAt: at, setBy: by })
    .onConflict((row) =>
      row
        .columns(['state', 'name'])
        .doUpdateSet({ health, setAt: at, setBy: by })
        .where('linesOfAuthority.health', '<>', health),
    )
    .returning('name')
    .executeTakeFirst();
  if (!changed) return { changed: false, woken: 0 };
  const woken = await tx.executeQuery(CompiledQuery.raw(wakeByLinesOfAuthoritySql, [[state], [name]]));
  return { changed: true, woken: Number(woken.numAffectedRows ?? 0) };
}

/**
 * Wakes the open onboardings of agents with a license for a line of authority whose mapping has changed. A mapping for
 * every state concerns only states without their own. Parameters: the states and the names, in pairs.
 */
export const wakeByLinesOfAuthoritySql = `
  with changed as (select * from unnest($1::text[], $2::text[]) as pair (state, name)),
  concerned as (
    select distinct npn from ${allLicensesSql} l join changed on changed.name = l.name
     where changed.state = l.state
        or (changed.state = '*' and not exists (
              select from lines_of_authority own where own.state = l.state and own.name = l.name)))
  ${wakeOnboardingsSql('o.npn in (select npn from concerned)')}`;
