import { sql } from 'kysely';
import { availabilityAt } from '../../domain/agents/availability.ts';
import { type NotServing, type NotServingFacts, notServingOf } from '../../domain/agents/not-serving.ts';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { Tx } from '../database/connection.ts';
import { currentLoad, isServed, rulesOfAgent } from '../matching/match-rules.ts';
import { readAvailability } from './availability.ts';

/**
 * Reads why an agent is offered no new referrals now, by the very conditions with which matching excludes them. One query, and
 * one more for an agent whose settings make them unavailable.
 * @returns the strongest cause first; empty: nothing keeps them from being offered one
 */
export async function readNotServing(
  tx: Tx,
  { npn, at, limits }: { npn: string; at: Date; limits: CapacityLimits },
): Promise<NotServing[]> {
  const wanted = sql`any(a.states_wanted)`;
  const rules = Object.entries(rulesOfAgent(wanted, { at, limits, load: currentLoad }));
  const { rows } = await sql<Omit<NotServingFacts, 'availability'>>`
    select
      array_remove(array[${sql.join(rules.map(([name, rule]) => sql`case when ${rule} then ${sql.lit(name)} end`))}], null)
        as excluded_by,
      (select coalesce(jsonb_agg(jsonb_build_object('stage', w.stage, 'causes', w.causes)), '[]')
        from onboardings w where w.npn = a.npn and w.closed_at is null) as standings,
      array(select distinct s.state::text from serving s where ${isServed(wanted, at)} order by 1) as states,
      array(select p.state::text from intake_pauses p where p.resumed_at is null) as paused_states
    from agents a where a.npn = ${npn}`.execute(tx);
  const [facts] = rows;
  if (!facts) return [];
  const setting = facts.excludedBy.includes('unavailable')
    ? await readAvailability(tx, { npn, at })
    : undefined;
  return notServingOf({ ...facts, availability: setting && availabilityAt(at, setting) });
}
