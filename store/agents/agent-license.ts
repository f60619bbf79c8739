import { type RawBuilder, sql } from 'kysely';
import { allLicensesSql } from '../feeds/lines-of-authority.ts';

/**
 * The number of an agent's license in a state, as anybody can look it up; null where none is active there. Of several
 * licenses there it is the same one each time.
 * @param agent,state expressions of the query that it stands in
 */
export function licenseNumberSql(
  agent: RawBuilder<unknown>,
  state: RawBuilder<unknown>,
): RawBuilder<string | null> {
  return sql<string | null>`(select min(l.license_number) from ${sql.raw(allLicensesSql)} l
    where l.npn = ${agent} and l.state = ${state} and l.license_class = 'Producer' and l.active
      and coalesce(l.expires_on, 'infinity') >= current_date)`;
}
