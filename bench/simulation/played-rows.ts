import { sql } from 'kysely';
import type { Database } from '../../store/database/connection.ts';

/** An agent after a simulation. */
export interface PlayedAgent {
  npn: string;
  /** Where they live and what they speak: among those who share both, offers are compared. */
  state: string;
  languages: string[];
  /** Offers that counted in their order. */
  offers: number;
  /** Hours in which they could be asked. */
  hours: number;
}

/** Reads what each agent was offered, and for how long they could be asked. */
export async function readPlayedAgents(db: Database): Promise<PlayedAgent[]> {
  const { rows } = await sql<PlayedAgent>`
    select a.npn, a.states_wanted[1] as state, a.languages,
      (select count(*)::integer from offer_answers o
        where o.npn = a.npn and o.answer is not null) as offers,
      (select coalesce(sum(extract(epoch from coalesce(p.until_at, now()) - p.from_at)), 0)::double precision / 3600
        from candidate_periods p where p.npn = a.npn and p.state = a.states_wanted[1]) as hours
    from agents a order by a.npn`.execute(db);
  return rows;
}

/** Counts the messages that were sent, by kind of notice. */
export async function readSentMessages(db: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ kind: string; messages: number }>`
    select n.kind, count(*)::integer as messages from deliveries d join notices n on n.id = d.notice_id
    group by n.kind order by n.kind`.execute(db);
  return Object.fromEntries(rows.map(({ kind, messages }) => [kind, messages]));
}
