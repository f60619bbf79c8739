import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { ContactPreference, MessageLanguage } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { recordEvent } from '../events.ts';
import { wakeOnboardings } from '../outbox.ts';
import type { Place } from '../zip-codes.ts';
import { lastSyncedAt } from './agents.ts';
import { applyTimeZoneChange } from './availability.ts';
import { type GivenPhone, lockOpenOnboardings, type PhonePolicy, replacePhone } from './phones.ts';
import { wakeReferralsForAgent } from './serving.ts';
import { endSkipsOfEveryLanguage } from './skips.ts';

/** An agent's profile: name and email from the MLMS, the rest entered by the agent. */
export interface ProfileRow {
  npn: string;
  firstName: string;
  lastName: string;
  email: string;
  languages: string[];
  statesWanted: string[];
  phone: string | null;
  contactPreference: ContactPreference | null;
  /** Language of our messages to the agent, not one that they speak with consumers. */
  messageLanguage: MessageLanguage;
  zip: string | null;
  /** When name and address were last known to equal those in the MLMS. */
  syncedAt: Date;
  /** Whether the owner of this phone has stopped texts (STOP). */
  textsStopped: boolean;
}

export async function readProfile(tx: Tx, npn: string): Promise<ProfileRow | undefined> {
  const row = await tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'lastName', 'email', 'languages', 'statesWanted'])
    .select(['phone', 'contactPreference', 'messageLanguage', 'zip', lastSyncedAt.as('syncedAt')])
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
  Pick<ProfileRow, 'languages' | 'statesWanted' | 'contactPreference' | 'messageLanguage' | 'zip'>
>;

/**
 * Changes an agent's profile in the caller's transaction: the row, with the location of a new ZIP, an event for each
 * open onboarding that names the changed fields, and their wake. A new phone has to be confirmed. Equal values are no
 * change.
 * @returns the names of the changed fields
 */
export async function changeProfile(
  tx: Tx,
  keyring: Keyring,
  {
    npn,
    at,
    policy,
    place: wantedPlace,
    ...wanted
  }: {
    npn: string;
    changes: ProfileChanges;
    /** Location of the ZIP in `changes`. */
    place: Place | undefined;
    phone: GivenPhone | undefined;
    at: Date;
    policy: PhonePolicy & CapacityLimits;
  },
): Promise<string[]> {
  // lock order: onboardings before the agent, as the activities do (docs/decisions/0031-lock-order.md)
  const open = await lockOpenOnboardings(tx, npn);
  const current = await readProfile(tx, npn);
  if (!current) return [];
  const { changes, phone } = onlyChanged(wanted, current);
  const fields = [...Object.keys(changes), ...(phone ? ['phone'] : [])];
  if (fields.length === 0) return [];
  const place = changes.zip ? wantedPlace : undefined;
  if (Object.keys(changes).length > 0)
    await tx
      .updateTable('agents')
      .set({ ...changes, ...(place ? { lat: place.lat, lon: place.lon, timeZone: place.timeZone } : {}) })
      .where('npn', '=', npn)
      .execute();
  if (changes.languages) await endSkipsOfEveryLanguage(tx, { npn, languages: changes.languages, open, at });
  if (place) await applyTimeZoneChange(tx, { npn, at, limits: policy });
  if (phone) await replacePhone(tx, keyring, { npn, ...phone, at, policy });
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
  return fields;
}

function onlyChanged(
  { changes, phone }: { changes: ProfileChanges; phone: GivenPhone | undefined },
  current: ProfileRow,
): { changes: ProfileChanges; phone: GivenPhone | undefined } {
  const isNew = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(current[name as keyof ProfileRow]);
  return {
    changes: Object.fromEntries(Object.entries(changes).filter(isNew)),
    phone: phone?.phone === current.phone ? undefined : phone,
  };
}

/** Reads every state in the table of marketplaces. */
export async function knownStates(tx: Tx): Promise<Set<string>> {
  const rows = await tx.selectFrom('marketplaces').select('state').distinct().execute();
  return new Set(rows.map(({ state }) => state));
}
