import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type Absence,
  type AvailabilitySetting,
  availabilityAt,
  type Hours,
  type Override,
  type WeeklyHours,
  weekdays,
} from '../../domain/agents/availability.ts';
import type { AvailabilityPart } from '../../domain/events.ts';
import { marketplaceTimeZone } from '../../domain/time/marketplace-calendar.ts';
import { dateIn } from '../../domain/time/wall-clock.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { saveAvailabilityWindows } from './availability-windows.ts';
import { lockOpenOnboardings } from './phones.ts';
import type { CapacityLimits } from './serving.ts';

/** An absence that is running or to come. */
export type StoredAbsence = Absence & { id: string };

/** An agent's setting as it stands: a switch and absences that are over are left out. */
export type StoredAvailability = Omit<AvailabilitySetting, 'absences'> & {
  absences: readonly StoredAbsence[];
};

interface Row {
  npn: string;
  timeZone: string | null;
  isOn: boolean | null;
  untilAt: Date | null;
  hours: (Hours & { weekday: number })[];
  absences: StoredAbsence[];
}

/** The settings of agents by their NPN, in one query. */
export async function readAvailabilities(
  tx: Tx,
  npns: readonly string[],
  at: Date,
): Promise<Map<string, StoredAvailability>> {
  const { rows } = await sql<Row>`
    select a.npn, a.time_zone, o.is_on, o.until_at,
      (select coalesce(jsonb_agg(jsonb_build_object('weekday', h.weekday, 'from', h.from_time, 'until', h.until_time)
          order by h.weekday, h.from_time), '[]')
        from availability_hours h where h.npn = a.npn) as hours,
      (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'from', b.from_date, 'until', b.until_date)
          order by b.from_date), '[]')
        -- in the agent's own zone it can be yesterday
        from absences b where b.npn = a.npn and b.removed_at is null and b.until_date >= ${at}::timestamptz::date - 2)
        as absences
    from agents a left join availability_overrides o on o.npn = a.npn and (o.until_at is null or o.until_at > ${at})
    where a.npn = any(${npns}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.npn, settingOf(row, at)]));
}

export async function readAvailability(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<StoredAvailability | undefined> {
  return (await readAvailabilities(tx, [npn], at)).get(npn);
}

function settingOf({ timeZone, isOn, untilAt, hours, absences }: Row, at: Date): StoredAvailability {
  const zone = timeZone ?? marketplaceTimeZone;
  const today = dateIn(zone, at);
  const ofDay = (number: number) =>
    hours.filter(({ weekday }) => weekday === number).map(({ from, until }) => ({ from, until }));
  return {
    timeZone: zone,
    hours: Object.fromEntries(weekdays.map((weekday, index) => [weekday, ofDay(index + 1)])),
    override: isOn === null ? null : { is: isOn ? 'on' : 'off', untilAt },
    absences: absences.filter(({ until }) => until >= today),
  };
}

/** Whose setting is changed, when, and how many places an agent has. */
export interface AvailabilityChangeContext {
  npn: string;
  at: Date;
  limits: CapacityLimits;
}

/** Replaces what is given of an agent's setting; what is there already is no change. */
export async function changeAvailability(
  tx: Tx,
  changing: AvailabilityChangeContext,
  { hours, override, absences }: { hours?: WeeklyHours; override?: Override | null; absences?: Absence[] },
): Promise<void> {
  await applyAvailabilityChange(tx, changing, async (kept) => {
    const changed: AvailabilityPart[] = [];
    if (hours && (await replaceHours(tx, { npn: changing.npn, kept: kept.hours, hours })))
      changed.push('hours');
    if (
      override !== undefined &&
      (await replaceOverride(tx, { npn: changing.npn, kept: kept.override, override }))
    )
      changed.push('override');
    if (absences && (await replaceAbsences(tx, changing, { kept: kept.absences, absences })))
      changed.push('absences');
    return changed;
  });
}

/** Enters an absence; the same dates again are the one that is there. @returns its id */
export async function addAbsence(
  tx: Tx,
  changing: AvailabilityChangeContext,
  absence: Absence,
): Promise<string> {
  let id: string = randomUUID();
  await applyAvailabilityChange(tx, changing, async ({ absences }) => {
    const same = absences.find(isSameAs(absence));
    if (same) id = same.id;
    else await insertAbsence(tx, changing, { id, ...absence });
    return same ? [] : ['absences'];
  });
  return id;
}

/** Takes an absence back, once. @returns whether the agent has, or had, such a one */
export async function removeAbsence(
  tx: Tx,
  changing: AvailabilityChangeContext,
  id: string,
): Promise<boolean> {
  const { npn, at } = changing;
  const own = await tx
    .selectFrom('absences')
    .select('id')
    .where('id', '=', id)
    .where('npn', '=', npn)
    .executeTakeFirst();
  if (!own) return false;
  await applyAvailabilityChange(tx, changing, async () => {
    const { numUpdatedRows } = await tx
      .updateTable('absences')
      .set({ removedAt: at })
      .where('id', '=', id)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n ? ['absences'] : [];
  });
  return true;
}

/** The agent's clock is another one now: the same hours are other instants. */
export async function applyTimeZoneChange(
  tx: Tx,
  { npn, at, limits }: AvailabilityChangeContext,
): Promise<void> {
  await saveAvailabilityWindows(tx, await readAvailabilities(tx, [npn], at), { at, limits });
}

/** A change in one piece: the rows, what matching reads, an event for each open onboarding, and who is woken. */
async function applyAvailabilityChange(
  tx: Tx,
  { npn, at, limits }: AvailabilityChangeContext,
  write: (kept: StoredAvailability) => Promise<AvailabilityPart[]>,
): Promise<void> {
  // a story holds its own row before the agent's: in this order nobody waits for the other
  const open = await lockOpenOnboardings(tx, npn);
  await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forUpdate().execute();
  const kept = await readAvailability(tx, { npn, at });
  if (!kept) return;
  const parts = await write(kept);
  if (parts.length === 0) return;
  const setting = (await readAvailability(tx, { npn, at })) ?? kept;
  await saveAvailabilityWindows(tx, new Map([[npn, setting]]), { at, limits });
  const { isAvailable, changesAt } = availabilityAt(at, setting);
  const data = { parts, isAvailable, until: changesAt?.toISOString() ?? null };
  for (const planYear of open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear },
      kind: 'availability-changed',
      at,
      by: 'agent',
      data,
    });
}

async function replaceHours(
  tx: Tx,
  { npn, kept, hours }: { npn: string; kept: WeeklyHours; hours: WeeklyHours },
): Promise<boolean> {
  const rowsOf = (of: WeeklyHours) =>
    weekdays.flatMap((weekday, index) =>
      (of[weekday] ?? [])
        .map(({ from, until }) => ({ npn, weekday: index + 1, fromTime: from, untilTime: until }))
        .toSorted((a, b) => a.fromTime.localeCompare(b.fromTime)),
    );
  const rows = rowsOf(hours);
  if (JSON.stringify(rows) === JSON.stringify(rowsOf(kept))) return false;
  await tx.deleteFrom('availabilityHours').where('npn', '=', npn).execute();
  if (rows.length > 0) await tx.insertInto('availabilityHours').values(rows).execute();
  return true;
}

async function replaceOverride(
  tx: Tx,
  { npn, kept, override }: { npn: string; kept: Override | null; override: Override | null },
): Promise<boolean> {
  if (JSON.stringify(kept) === JSON.stringify(override)) return false;
  if (!override) {
    await tx.deleteFrom('availabilityOverrides').where('npn', '=', npn).execute();
    return true;
  }
  const row = { isOn: override.is === 'on', untilAt: override.untilAt };
  await tx
    .insertInto('availabilityOverrides')
    .values({ npn, ...row })
    .onConflict((conflict) => conflict.column('npn').doUpdateSet(row))
    .execute();
  return true;
}

async function replaceAbsences(
  tx: Tx,
  changing: AvailabilityChangeContext,
  { kept, absences }: { kept: readonly StoredAbsence[]; absences: readonly Absence[] },
): Promise<boolean> {
  const gone = kept.filter((absence) => !absences.some(isSameAs(absence)));
  const come = absences.filter((absence) => !kept.some(isSameAs(absence)));
  const ids = gone.map(({ id }) => id);
  if (ids.length > 0)
    await tx.updateTable('absences').set({ removedAt: changing.at }).where('id', 'in', ids).execute();
  for (const absence of come) await insertAbsence(tx, changing, { id: randomUUID(), ...absence });
  return gone.length + come.length > 0;
}

async function insertAbsence(
  tx: Tx,
  { npn, at }: AvailabilityChangeContext,
  { id, from, until }: StoredAbsence,
): Promise<void> {
  await tx
    .insertInto('absences')
    .values({ id, npn, fromDate: from, untilDate: until, createdAt: at })
    .execute();
}

const isSameAs = (one: Absence) => (other: Absence) => one.from === other.from && one.until === other.until;
