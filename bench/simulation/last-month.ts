import { sql } from 'kysely';
import type { ContactPreference } from '../../domain/notifications/contact.ts';
import { importLimitMs } from '../../domain/time-limits.ts';
import { createDatabase, importLimits } from '../../runtime/database.ts';
import { readAvailabilities } from '../../store/agents/availability.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { keyedRandom } from '../load-test/virtual-agents.ts';
import { firstNpn, idOf, numbered } from './generate-world.ts';
import { createPeople, type PeopleFigures } from './people.ts';
import { type Place, ruralSql } from './places.ts';
import type { World, WorldAgent, WorldRequest } from './world.ts';

/**
 * Reads the last 30 days of a service as a world: when and where its consumers asked, who serves there at which hours, and how
 * offers were answered. Only reads, and takes no name, address, NPN or id along: people are numbered anew.
 * @param figures for what rows do not say, such as how many messages are noticed
 */
export async function readLastMonth(
  url: string,
  { seed, figures }: { seed: number; figures: PeopleFigures },
): Promise<World> {
  const db = createDatabase<DB>(url, {
    poolSize: 1,
    name: 'simulation',
    limits: importLimits(importLimitMs),
  });
  try {
    return await db
      .transaction()
      .setAccessMode('read only')
      .execute(async (tx) => {
        const requests = await readRequests(tx, seed);
        const [first] = requests;
        if (!first) throw new Error('The last 30 days have no requests');
        const agents = await readAgents(tx);
        const random = keyedRandom(seed);
        const people = createPeople({ ...figures, ...(await readAnswers(tx, figures)) }, { random, agents });
        return { startsAt: first.at, agents, requests, people };
      });
  } finally {
    await db.destroy();
  }
}

type RequestRow = Place & Pick<WorldRequest, 'at' | 'language' | 'interpreter'>;

async function readRequests(tx: Tx, seed: number): Promise<WorldRequest[]> {
  const { rows } = await sql<RequestRow>`
    select r.created_at as at, r.zip, r.city, r.state, r.lat, r.lon, r.time_zone, r.language, r.interpreter,
      coalesce(z.is_rural, false) as is_rural
    from referrals r left join (${ruralSql}) z on z.zip = r.zip
    where r.created_at > now() - interval '30 days' and r.stage <> 'unconfirmed' and r.delete_at is null
    order by r.created_at, r.id`.execute(tx);
  return numbered(rows.map((row, number) => ({ ...row, id: idOf(seed, number) })));
}

interface AgentRow {
  npn: string;
  lat: number;
  lon: number;
  timeZone: string;
  languages: string[];
  states: string[];
  contactPreference: ContactPreference;
}

async function readAgents(tx: Tx): Promise<WorldAgent[]> {
  const { rows } = await sql<AgentRow>`
    select a.npn, a.lat, a.lon, coalesce(a.time_zone, 'America/New_York') as time_zone, a.languages,
      coalesce(a.contact_preference, 'email') as contact_preference,
      array(select distinct s.state from serving s where s.npn = a.npn and s.state = any (a.states_wanted) order by 1) as states
    from agents a
    where a.left_at is null and a.held_at is null and exists (select from serving s where s.npn = a.npn)
    order by a.npn`.execute(tx);
  const settings = await readAvailabilities(
    tx,
    rows.map(({ npn }) => npn),
    new Date(),
  );
  return rows.map(({ npn, ...agent }, number) => ({
    ...agent,
    npn: `${firstNpn + number}`,
    hours: settings.get(npn)?.hours ?? {},
  }));
}

interface Answers {
  accepted: number;
  declined: number;
  expired: number;
  /** Seconds of the answers that came before the agent was told again. */
  answerSeconds: number[];
  callSeconds: number[];
  silent: number;
}

/**
 * Reads how offers were answered; what was not observed stays as it was. How many notice a message and when they answer is what
 * they did before they were told again: people take each further message as another one of the same.
 */
async function readAnswers(tx: Tx, figures: PeopleFigures): Promise<Partial<PeopleFigures>> {
  const { rows } = await sql<Answers>`
    select count(*) filter (where a.answer = 'accepted')::integer as accepted,
      count(*) filter (where a.answer = 'declined')::integer as declined,
      count(*) filter (where a.answer = 'expired')::integer as expired,
      coalesce(array_agg(a.answer_seconds order by a.answer_seconds) filter (where a.answer_seconds is not null
        and not exists (select from notices n where n.offer_id = a.id and n.kind = 'offer-nudge'
          and n.created_at < a.offered_at + a.answer_seconds * interval '1 second')), '{}') as answer_seconds,
      coalesce(array_agg(extract(epoch from o.contacted_at - o.accepted_at)::float8 order by o.contacted_at - o.accepted_at)
        filter (where o.contacted_at is not null), '{}') as call_seconds,
      count(*) filter (where o.ended_as = 'silent')::integer as silent
    from offer_answers a join offers o on o.id = a.id where a.offered_at > now() - interval '30 days'`.execute(
    tx,
  );
  const [row] = rows;
  const answered = row ? row.accepted + row.declined : 0;
  if (!row || answered === 0) return {};
  const { accepted, declined, expired, answerSeconds, callSeconds, silent } = row;
  // of those who could answer, as many noticed the message as were seen to answer
  const notices = Math.min(1, answerSeconds.length / (answered + expired) / figures.isFree.share);
  const answers =
    answerSeconds.length > 0 ? { notices, answerDelay: { observedSeconds: answerSeconds } } : {};
  const calls = callSeconds.length > 0 ? { callDelay: { observedSeconds: callSeconds } } : {};
  return {
    ...answers,
    declines: declined / answered,
    ...calls,
    neverCalls: accepted === 0 ? figures.neverCalls : silent / accepted,
  };
}
