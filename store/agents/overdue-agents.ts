import { type RawBuilder, sql } from 'kysely';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';

type KeptTime = Pick<Policy, 'agentKeptAfterEndMs'>;

/**
 * SQL: the agents who are to be erased at an instant, as `npn`, and since when, as `at`: those whose last onboarding ended
 * so long ago, whether they left or did not register again.
 */
export function overdueAgents(
  now: RawBuilder<unknown>,
  { agentKeptAfterEndMs }: KeptTime,
): RawBuilder<unknown> {
  const kept = sql`make_interval(secs => ${agentKeptAfterEndMs / 1_000})`;
  return sql`
    select a.npn, last.closed_at + ${kept} as at
    from agents a cross join lateral (
      select max(o.closed_at) as closed_at, bool_or(o.closed_at is null) as is_open
      from onboardings o where o.npn = a.npn
    ) last
    where a.erased_at is null and not last.is_open and last.closed_at <= ${now} - ${kept}`;
}

/** Reads the NPNs of agents who are to be erased by now, the most overdue first, except those given. */
export async function readOverdueAgents(
  tx: Tx,
  { at, except, limit, policy }: { at: Date; except: ReadonlySet<string>; limit: number; policy: KeptTime },
): Promise<string[]> {
  const { rows } = await sql<{ npn: string }>`
    select npn from (${overdueAgents(sql`${at}::timestamptz`, policy)}) due
    where npn <> all(${[...except]}::text[]) order by at, npn limit ${limit}`.execute(tx);
  return rows.map(({ npn }) => npn);
}

/** Tables of what an agent set, which go with them. */
const tablesOfAgents = [
  'absences',
  'agentSkips',
  'availabilityHours',
  'availabilityOverrides',
  'phoneCodes',
  'pushSubscriptions',
  'rests',
  'testOffers',
] as const;

/** What pages show where an agent was named. */
const erasedName = { firstName: 'Former', lastName: 'agent' } as const;

/**
 * Erases an agent: name, addresses, phone, place, settings, and the account with its sessions, factors and security events.
 * The NPN stays, which is public, with what it did: onboardings, terms that were accepted, offers and their ends. An agent
 * who comes back registers anew.
 * @returns whether they were erased; one who is locked, or has come back, is left
 */
export async function eraseAgent(
  tx: Tx,
  { npn, at, policy }: { npn: string; at: Date; policy: KeptTime },
): Promise<boolean> {
  const { rows } = await sql<{ phone: string | null }>`
    select phone from agents where npn = ${npn}
      and npn in (select npn from (${overdueAgents(sql`${at}::timestamptz`, policy)}) due)
    for update skip locked`.execute(tx);
  const [agent] = rows;
  if (!agent) return false;
  // the hash of the number stays, so that nobody texts it
  if (agent.phone !== null)
    await tx.updateTable('textOptOuts').set({ phone: null }).where('phone', '=', agent.phone).execute();
  for (const table of tablesOfAgents) await tx.deleteFrom(table).where('npn', '=', npn).execute();
  await tx.deleteFrom('accounts').where('npn', '=', npn).execute();
  await tx.updateTable('invitations').set({ sentTo: '' }).where('npn', '=', npn).execute();
  await tx.deleteFrom('notices').where('npn', '=', npn).where('referralId', 'is', null).execute();
  await tx
    .updateTable('agents')
    .set({
      ...erasedName,
      email: '',
      emailUndeliverableAt: null,
      phone: null,
      phoneLineType: null,
      phoneCheckAt: null,
      phoneConfirmedAt: null,
      contactPreference: null,
      zip: null,
      lat: null,
      lon: null,
      timeZone: null,
      languages: [],
      statesWanted: [],
      skippedLanguages: [],
      skippedAreas: [],
      registeredAt: null,
      restingSince: null,
      erasedAt: at,
    })
    .where('npn', '=', npn)
    .execute();
  return true;
}
