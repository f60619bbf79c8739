import type { ContactPreference } from '../domain/contact.ts';
import type { Tx } from './database.ts';
import { recordEvent } from './events.ts';
import { wakeOnboardings } from './outbox.ts';
import { findPlace } from './places.ts';
import { wakeForAgent } from './serving.ts';

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
}

export async function readProfile(tx: Tx, npn: string): Promise<ProfileRow | undefined> {
  const row = await tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'lastName', 'email', 'languages', 'statesWanted'])
    .select(['phone', 'contactPreference', 'zip'])
    .where('npn', '=', npn)
    .executeTakeFirst();
  return row as ProfileRow | undefined;
}

export type ProfileChanges = Partial<
  Pick<ProfileRow, 'languages' | 'statesWanted' | 'phone' | 'contactPreference' | 'zip'>
>;

/**
 * Changes what is the agent's own: the row, with the place of a new ZIP, an event for each open onboarding that
 * names the fields, and their wake, in the caller's transaction.
 */
export async function changeProfile(
  tx: Tx,
  { npn, changes, at }: { npn: string; changes: ProfileChanges; at: Date },
): Promise<void> {
  const fields = Object.keys(changes);
  if (fields.length === 0) return;
  const open = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('closedAt', 'is', null)
    .orderBy('planYear')
    .forUpdate()
    .execute();
  const place = changes.zip ? await findPlace(tx, changes.zip) : undefined;
  await tx
    .updateTable('agents')
    .set({ ...changes, ...(place ? { lat: place.lat, lon: place.lon, timeZone: place.timeZone } : {}) })
    .where('npn', '=', npn)
    .execute();
  for (const { planYear } of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'profile-changed',
      at,
      by: 'agent',
      data: { fields },
    });
  await wakeOnboardings(tx, npn);
  if (changes.languages || changes.statesWanted) await wakeForAgent(tx, npn);
}

/** The states that some marketplace is known for. */
export async function knownStates(tx: Tx): Promise<Set<string>> {
  const rows = await tx.selectFrom('marketplaces').select('state').distinct().execute();
  return new Set(rows.map(({ state }) => state));
}

/** Where a browser of an agent gets its pushes. A browser that logs in as somebody else goes over to them. */
export async function keepPushSubscription(
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
  await tx
    .insertInto('pushSubscriptions')
    .values({ endpoint, ...row })
    .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
    .execute();
}

/** Forgets a browser of this agent. */
export async function dropPushSubscription(
  tx: Tx,
  { endpoint, npn }: { endpoint: string; npn: string },
): Promise<void> {
  await tx.deleteFrom('pushSubscriptions').where('endpoint', '=', endpoint).where('npn', '=', npn).execute();
}
