import { sql } from 'kysely';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';

/**
 * Instant at which the name and address in a row of `agents` were last known to equal those in the MLMS: that of the
 * feed's newest release while the feed agrees with the row, otherwise the instant of the last sync.
 */
export const lastSyncedAt = sql<Date>`greatest(agents.synced_at, (
  select r.received_at from feed_releases r
  where r.kind = 'training-completions'
    and (agents.first_name, agents.last_name, agents.email) = (
      select t.first_name, t.last_name, t.email from training_completions t
      where t.npn = agents.npn order by t.plan_year desc limit 1)
  order by r.received_at desc limit 1))`;

/**
 * Copies an agent's name and email address from the MLMS feed, their only source (docs/guide.md, step 2). The
 * row of the newest plan year counts. Languages and states are copied only until registration; then the agent maintains
 * them.
 * @returns the address that was replaced, and whether mail to it is known to be undeliverable
 */
export async function syncAgent(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<ReplacedAddress | undefined> {
  const { rows } = await sql<{ replaced: ReplacedAddress | null }>`
    with before as (select * from agents where npn = ${npn}),
    mlms as (
      select npn, first_name, last_name, email, languages, states_wanted
      from training_completions where npn = ${npn} order by plan_year desc limit 1
    )
    insert into agents as a (npn, first_name, last_name, email, synced_at, languages, states_wanted)
    select npn, first_name, last_name, email, ${at}, languages, states_wanted from mlms
    -- an upsert locks the row even if it changes nothing, and matching skips agents whose rows are locked
    where not exists (
      select from before b
      where (b.first_name, b.last_name, b.email) = (mlms.first_name, mlms.last_name, mlms.email)
        and (b.registered_at is not null
          or (b.languages, b.states_wanted) = (mlms.languages, mlms.states_wanted)))
    on conflict (npn) do update set
      first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
      synced_at = excluded.synced_at, erased_at = null,
      email_undeliverable_at = case when a.email = excluded.email then a.email_undeliverable_at end,
      languages = case when a.registered_at is null then excluded.languages else a.languages end,
      states_wanted = case when a.registered_at is null then excluded.states_wanted else a.states_wanted end
    returning (select json_build_object('address', before.email, 'isUndeliverable', before.email_undeliverable_at is not null)
      from before where before.email <> a.email and before.erased_at is null) as replaced`.execute(tx);
  return rows[0]?.replaced ?? undefined;
}

/** An address that an agent no longer has. */
export interface ReplacedAddress {
  address: string;
  /** Mail to it is known to bounce or to draw complaints. */
  isUndeliverable: boolean;
}

/**
 * Creates the notices about a changed address: to the old and the new one, because somebody else may have caused the
 * change. If the old address is undeliverable, only the new one gets a notice.
 * @returns the notices to send
 */
export async function notifyAddressChange(
  tx: Tx,
  { npn, planYear, replaced, at }: OnboardingId & { replaced: ReplacedAddress; at: Date },
): Promise<NoticeToSend[]> {
  const subject = { kind: 'onboarding' as const, npn, planYear };
  await recordEvent(tx, { subject, kind: 'address-changed', at, by: 'service', data: {} });
  const dedupeKey = `address-changed ${npn} ${at.toISOString()}`;
  const notice = { kind: 'address-changed' as const, npn, planYear, at };
  const toNew = await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} new` });
  if (replaced.isUndeliverable) return [toNew];
  return [
    toNew,
    await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} old`, toAddress: replaced.address }),
  ];
}
