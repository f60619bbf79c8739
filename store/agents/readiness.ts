import { sql } from 'kysely';
import { deliveryDays, type Lately, type Readiness, readinessAt } from '../../domain/agents/readiness.ts';
import {
  type AgentChannel,
  type ContactFacts,
  channels,
  providerAcceptanceMeaning,
} from '../../domain/notifications/contact.ts';
import type { DeliveryStatus } from '../../domain/notifications/notices.ts';
import type { Tx } from '../database/connection.ts';
import { contactColumns } from '../notifications/reachability.ts';
import { readAvailability } from './availability.ts';

interface Row extends ContactFacts {
  hadPushSubscription: boolean;
  isResting: boolean;
  isHeld: boolean;
  serves: boolean;
  servesUntil: Date | null;
  lately: { channel: AgentChannel; arrivedAt: string | null; failures: number; failedAt: string | null }[];
}

/** Channels without delivery reports: acceptance by the provider is all that is ever known. */
const channelsWithoutReports = channels.filter((channel) => providerAcceptanceMeaning[channel] === 'all');
const failedStatuses: readonly DeliveryStatus[] = ['refused', 'bounced', 'complained'];

/**
 * SQL: what came of the latest messages to agent `a`, by channel. What went to a former address or phone says nothing about
 * the present one.
 */
const latelySql = (at: Date) => sql`(
  select coalesce(json_agg(json_build_object('channel', channel, 'arrivedAt', arrived_at, 'failures', failures,
      'failedAt', failed_at)), '[]')
  from (
    select d.channel, count(*) filter (where has_failed) as failures,
      max(d.changed_at) filter (where has_failed) as failed_at, max(d.changed_at) filter (where has_arrived) as arrived_at
    from notices n join deliveries d on d.notice_id = n.id
      cross join lateral (select d.status = any(${failedStatuses}) as has_failed, d.status = 'delivered'
        or d.status = 'sent' and d.channel = any(${channelsWithoutReports}) as has_arrived) ended
    where n.npn = a.npn and n.to_address is null
      and n.created_at > ${at}::timestamptz - make_interval(days => ${deliveryDays})
    group by d.channel) by_channel)`;

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
        as serves_until, ${latelySql(at)} as lately
    from agents a where a.npn = ${npn}`.execute(tx);
  const [row] = rows;
  if (!row || !setting) return undefined;
  const { hadPushSubscription, isResting, isHeld, serves, servesUntil, lately, ...contact } = row;
  return readinessAt(at, {
    contact,
    hadPushSubscription,
    isResting,
    isHeld,
    serves,
    setting,
    servesUntil: servesUntil ?? undefined,
    lately: Object.fromEntries(lately.map(({ channel, ...ended }) => [channel, toLately(ended)])),
  });
}

/** Times within JSON come as text. */
function toLately({ arrivedAt, failures, failedAt }: Omit<Row['lately'][number], 'channel'>): Lately {
  const timeOf = (text: string | null) => (text === null ? null : new Date(text));
  return { arrivedAt: timeOf(arrivedAt), failures, failedAt: timeOf(failedAt) };
}
