import { sql } from 'kysely';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { createNotice } from '../notifications/notices.ts';

/**
 * When name and email address in a row of `agents` were last in step with the MLMS: the instant of the feed's newest
 * release, as long as the feed says what the row says; otherwise when they were taken over.
 */
export const lastSyncedAt = sql<Date>`greatest(agents.synced_at, (
  select r.received_at from feed_releases r
  where r.kind = 'training-completions'
    and (agents.first_name, agents.last_name, agents.email) = (
      select told.first_name, told.last_name, told.email from training_completions told
      where told.npn = agents.npn order by told.plan_year desc limit 1)
  order by r.received_at desc limit 1))`;

/**
 * Takes an agent's name and email address over from the MLMS feed, their only source (guide, Registration 2):
 * the row of the newest plan year counts.
 * Languages and states are a first proposal: after registration they are the agent's own.
 * @returns the address that was replaced, and whether mail to it is known to come back
 */
export async function syncAgent(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<ReplacedAddress | undefined> {
  const { rows } = await sql<{ was: ReplacedAddress | null }>`
    with known as (select * from agents where npn = ${npn}),
    told as (
      select npn, first_name, last_name, email, languages, states_wanted
      from training_completions where npn = ${npn} order by plan_year desc limit 1
    )
    insert into agents as a (npn, first_name, last_name, email, synced_at, languages, states_wanted)
    select npn, first_name, last_name, email, ${at}, languages, states_wanted from told
    -- an upsert holds the row even where it changes nothing, and matching passes over an agent whose row is held
    where not exists (
      select from known k
      where (k.first_name, k.last_name, k.email) = (told.first_name, told.last_name, told.email)
        and (k.registered_at is not null
          or (k.languages, k.states_wanted) = (told.languages, told.states_wanted)))
    on conflict (npn) do update set
      first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
      synced_at = excluded.synced_at,
      email_undeliverable_at = case when a.email = excluded.email then a.email_undeliverable_at end,
      languages = case when a.registered_at is null then excluded.languages else a.languages end,
      states_wanted = case when a.registered_at is null then excluded.states_wanted else a.states_wanted end
    returning (select json_build_object('address', known.email, 'isUndeliverable', known.email_undeliverable_at is not null)
      from known where known.email <> a.email) as was`.execute(tx);
  return rows[0]?.was ?? undefined;
}

/** An agent has another address now; this is the one before. */
export interface ReplacedAddress {
  address: string;
  /** Mail to it is known to come back. */
  isUndeliverable: boolean;
}

/**
 * A changed address is told once, to the old and the new one: it could be somebody else's doing. Where mail to the old
 * one comes back, the new one alone is left to be told.
 * @returns the notices, for whoever sends them
 */
export async function notifyAddressChange(
  tx: Tx,
  { npn, planYear, was, at }: OnboardingId & { was: ReplacedAddress; at: Date },
): Promise<NoticeToSend[]> {
  const subject = { kind: 'onboarding' as const, npn, planYear };
  await recordEvent(tx, { subject, kind: 'address-changed', at, by: 'service', data: {} });
  const dedupeKey = `address-changed ${npn} ${at.toISOString()}`;
  const notice = { kind: 'address-changed' as const, npn, planYear, at };
  const toNew = await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} new` });
  if (was.isUndeliverable) return [toNew];
  return [
    toNew,
    await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} old`, toAddress: was.address }),
  ];
}
