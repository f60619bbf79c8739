import { sql } from 'kysely';
import { type Readiness, readinessAt } from '../../domain/agents/readiness.ts';
import type { ContactFacts } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { contactColumns } from '../notifications/reachability.ts';
import { readAvailability } from './availability.ts';

interface Row extends ContactFacts {
  hadPushSubscription: boolean;
  isResting: boolean;
  isHeld: boolean;
  serves: boolean;
  servesUntil: Date | null;
}

/** Checks whether offers will reach an agent, as the facts are now; undefined if there is no such agent. */
export async function readReadiness(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<Readiness | undefined> {
  const setting = await readAvailability(tx, { npn, at });
  const { rows } = await sql<Row>`
    select ${contactColumns}, a.resting_since is not null as is_resting, a.held_at is not null as is_held,
      a.left_at is null and exists (
        select from serving s where s.npn = a.npn and s.state = any(a.states_wanted)
          and s.from_at <= ${at} and (s.until_at is null or s.until_at > ${at})) as serves,
      exists (select from push_subscriptions p where p.npn = a.npn and p.gone_at is not null) as had_push_subscription,
      (select nullif(max(coalesce(s.until_at, 'infinity')), 'infinity') from serving s where s.npn = a.npn)
        as serves_until
    from agents a where a.npn = ${npn}`.execute(tx);
  const [row] = rows;
  if (!row || !setting) return undefined;
  const { hadPushSubscription, isResting, isHeld, serves, servesUntil, ...contact } = row;
  return readinessAt(at, {
    contact,
    hadPushSubscription,
    isResting,
    isHeld,
    serves,
    setting,
    servesUntil: servesUntil ?? undefined,
  });
}
