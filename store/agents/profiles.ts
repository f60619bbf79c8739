import { sql } from 'kysely';
import type { ContactPreference } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { wakeOnboardings } from '../outbox.ts';
import { nearestPlace } from '../zip-codes.ts';
import { lastSyncedAt } from './agents.ts';
import { applyTimeZoneChange } from './availability.ts';
import { type GivenPhone, lockOpenOnboardings, type PhonePolicy, replacePhone } from './phones.ts';
import { type CapacityLimits, wakeReferralsForAgent } from './serving.ts';

/** What an agent's profile says: name and email from the MLMS, the rest the agent's own. */
export interface ProfileRow {
  npn: string;
  firstName: string;
  lastName: string;
  email: string;
  languages: string[];
  statesWanted: string[];
  phone: string | null;
  contactPreference: ContactPreference | null;
  zip: string | null;
  /** When name and address were last in step with the MLMS. */
  syncedAt: Date;
  /** Whether texts to this phone were stopped by whoever has it. */
  textsStopped: boolean;
}

export async function readProfile(tx: Tx, npn: string): Promise<ProfileRow | undefined> {
  const row = await tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'lastName', 'email', 'languages', 'statesWanted'])
    .select(['phone', 'contactPreference', 'zip', lastSyncedAt.as('syncedAt')])
    .select((agent) =>
      agent
        .exists(
          agent
            .selectFrom('textOptOuts')
            .select('textOptOuts.phone')
            .whereRef('textOptOuts.phone', '=', 'agents.phone'),
        )
        .as('textsStopped'),
    )
    .where('npn', '=', npn)
    .executeTakeFirst();
  return row as ProfileRow | undefined;
}

export type ProfileChanges = Partial<
  Pick<ProfileRow, 'languages' | 'statesWanted' | 'contactPreference' | 'zip'>
>;

/**
 * Changes what is the agent's own: the row, with the place of a new ZIP, an event for each open onboarding that
 * names the fields, and their wake, in the caller's transaction. Another phone has to be confirmed anew. What is
 * there already is no change.
 */
export async function changeProfile(
  tx: Tx,
  {
    npn,
    at,
    policy,
    ...wanted
  }: {
    npn: string;
    changes: ProfileChanges;
    phone?: GivenPhone;
    at: Date;
    policy: PhonePolicy & CapacityLimits;
  },
): Promise<void> {
  // a story holds its own row before the agent's: in this order nobody waits for the other
  const open = await lockOpenOnboardings(tx, npn);
  const kept = await readProfile(tx, npn);
  if (!kept) return;
  const { changes, phone } = onlyChanged(wanted, kept);
  const fields = [...Object.keys(changes), ...(phone ? ['phone'] : [])];
  if (fields.length === 0) return;
  const place = changes.zip ? await nearestPlace(tx, changes.zip) : undefined;
  if (Object.keys(changes).length > 0)
    await tx
      .updateTable('agents')
      .set({ ...changes, ...(place ? { lat: place.lat, lon: place.lon, timeZone: place.timeZone } : {}) })
      .where('npn', '=', npn)
      .execute();
  if (place) await applyTimeZoneChange(tx, { npn, at, limits: policy });
  if (phone) await replacePhone(tx, { npn, ...phone, at, policy });
  for (const planYear of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'profile-changed',
      at,
      by: 'agent',
      data: { fields },
    });
  await wakeOnboardings(tx, npn);
  if (changes.languages || changes.statesWanted) await wakeReferralsForAgent(tx, npn);
}

function onlyChanged(
  { changes, phone }: { changes: ProfileChanges; phone?: GivenPhone },
  kept: ProfileRow,
): { changes: ProfileChanges; phone: GivenPhone | undefined } {
  const isNew = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(kept[name as keyof ProfileRow]);
  return {
    changes: Object.fromEntries(Object.entries(changes).filter(isNew)),
    phone: phone?.phone === kept.phone ? undefined : phone,
  };
}

/** The states that some marketplace is known for. */
export async function knownStates(tx: Tx): Promise<Set<string>> {
  const rows = await tx.selectFrom('marketplaces').select('state').distinct().execute();
  return new Set(rows.map(({ state }) => state));
}

/** How many browsers of one agent get pushes; the one that subscribed least recently goes. */
const maxPushSubscriptions = 10;

/**
 * Where a browser of an agent gets its pushes. A browser that logs in as somebody else goes over to them. With it the
 * app is a channel, which can be the one that was missing: the agent's stories look again.
 */
export async function savePushSubscription(
  tx: Tx,
  {
    endpoint,
    npn,
    p256dh,
    auth,
    at,
  }: { endpoint: string; npn: string; p256dh: string; auth: string; at: Date },
): Promise<void> {
  const row = { npn, p256dh, auth, createdAt: at, goneAt: null };
  // one after another: none of those that come at once sees the others
  await sql`select pg_advisory_xact_lock(hashtextextended(${`push ${npn}`}, 0))`.execute(tx);
  await tx
    .insertInto('pushSubscriptions')
    .values({ endpoint, ...row })
    .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
    .execute();
  await sql`
    delete from push_subscriptions where npn = ${npn} and endpoint in (
      select endpoint from push_subscriptions where npn = ${npn} and endpoint <> ${endpoint}
      order by gone_at is not null, created_at desc offset ${maxPushSubscriptions - 1})`.execute(tx);
  await wakeOnboardings(tx, npn);
}

/** Forgets a browser of this agent, who may have no other channel left. */
export async function deletePushSubscription(
  tx: Tx,
  { endpoint, npn }: { endpoint: string; npn: string },
): Promise<void> {
  const { numDeletedRows } = await tx
    .deleteFrom('pushSubscriptions')
    .where('endpoint', '=', endpoint)
    .where('npn', '=', npn)
    .executeTakeFirst();
  if (numDeletedRows > 0n) await wakeOnboardings(tx, npn);
}
