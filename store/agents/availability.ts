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
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import { marketplaceTimeZone } from '../../domain/time/marketplace-calendar.ts';
import { dateIn } from '../../domain/time/wall-clock.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { saveAvailabilityWindows } from './availability-windows.ts';
import { lockOpenOnboardings } from './phones.ts';
import { announceEndOfRest, endRest } from './rests.ts';

/** A current or future absence. */
export type StoredAbsence = Absence & { id: string };

/** An agent's availability setting, without an override or absences that are over. */
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

/** Reads the settings of several agents in one query. @returns the settings by NPN */
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
        -- in the agent's time zone it can still be yesterday
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

/** The agent whose setting changes, the instant of the change, and the capacity limits in force. */
export interface AvailabilityChangeContext {
  npn: string;
  at: Date;
  limits: CapacityLimits;
}

/** Replaces the given parts of an agent's setting; equal values are no change. */
export async function changeAvailability(
  tx: Tx,
  context: AvailabilityChangeContext,
  { hours, override, absences }: { hours?: WeeklyHours; override?: Override | null; absences?: Absence[] },
): Promise<void> {
  await applyAvailabilityChange(tx, context, async (current) => {
    const changed: AvailabilityPart[] = [];
    if (hours && (await replaceHours(tx, { npn: context.npn, current: current.hours, hours })))
      changed.push('hours');
    if (
      override !== undefined &&
      (await replaceOverride(tx, { npn: context.npn, current: current.override, override }))
    )
      changed.push('override');
    if (absences && (await replaceAbsences(tx, context, { current: current.absences, absences })))
      changed.push('absences');
    return changed;
  });
}

/** Adds an absence, unless one with the same dates exists. @returns its id */
export async function addAbsence(
  tx: Tx,
  context: AvailabilityChangeContext,
  absence: Absence,
): Promise<string> {
  let id: string = randomUUID();
  await applyAvailabilityChange(tx, context, async ({ absences }) => {
    const same = absences.find(isSameAs(absence));
    if (same) id = same.id;
    else await insertAbsence(tx, context, { id, ...absence });
    return same ? [] : ['absences'];
  });
  return id;
}

/** Removes an absence; repeating it changes nothing. @returns whether the agent has, or had, this absence */
export async function removeAbsence(
  tx: Tx,
  context: AvailabilityChangeContext,
  id: string,
): Promise<boolean> {
  const { npn, at } = context;
  const own = await tx
    .selectFrom('absences')
    .select('id')
    .where('id', '=', id)
    .where('npn', '=', npn)
    .executeTakeFirst();
  if (!own) return false;
  await applyAvailabilityChange(tx, context, async () => {
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

/** Recomputes an agent's availability window after a change of time zone, which moves the weekly hours. */
export async function applyTimeZoneChange(
  tx: Tx,
  { npn, at, limits }: AvailabilityChangeContext,
): Promise<void> {
  await saveAvailabilityWindows(tx, await readAvailabilities(tx, [npn], at), { at, limits });
}

/**
 * Applies a change as a whole: the rows, the window that matching reads, the wakes of queued referrals, and an event for
 * each open onboarding.
 */
async function applyAvailabilityChange(
  tx: Tx,
  { npn, at, limits }: AvailabilityChangeContext,
  write: (current: StoredAvailability) => Promise<AvailabilityPart[]>,
): Promise<void> {
  // lock order: onboardings before the agent, as the activities do (docs/decisions/0031-lock-order.md)
  const open = await lockOpenOnboardings(tx, npn);
  await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forUpdate().execute();
  const current = await readAvailability(tx, { npn, at });
  if (!current) return;
  const parts = await write(current);
  // whoever saves their hours, the same or others, says that they hold
  const hasRested = await endRest(tx, { npn, at, by: 'availability' });
  if (parts.length > 0) await recordAvailabilityChange(tx, { npn, at, limits, open, current, parts });
  if (hasRested) await announceEndOfRest(tx, { npn, at, limits, open, by: 'availability' });
}

async function recordAvailabilityChange(
  tx: Tx,
  {
    npn,
    at,
    limits,
    open,
    current,
    parts,
  }: AvailabilityChangeContext & {
    open: readonly number[];
    current: StoredAvailability;
    parts: AvailabilityPart[];
  },
): Promise<void> {
  const setting = (await readAvailability(tx, { npn, at })) ?? current;
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
  { npn, current, hours }: { npn: string; current: WeeklyHours; hours: WeeklyHours },
): Promise<boolean> {
  const rowsOf = (of: WeeklyHours) =>
    weekdays.flatMap((weekday, index) =>
      (of[weekday] ?? [])
        .map(({ from, until }) => ({ npn, weekday: index + 1, fromTime: from, untilTime: until }))
        .toSorted((a, b) => a.fromTime.localeCompare(b.fromTime)),
    );
  const rows = rowsOf(hours);
  if (JSON.stringify(rows) === JSON.stringify(rowsOf(current))) return false;
  await tx.deleteFrom('availabilityHours').where('npn', '=', npn).execute();
  if (rows.length > 0) await tx.insertInto('availabilityHours').values(rows).execute();
  return true;
}

async function replaceOverride(
  tx: Tx,
  { npn, current, override }: { npn: string; current: Override | null; override: Override | null },
): Promise<boolean> {
  if (JSON.stringify(current) === JSON.stringify(override)) return false;
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
  context: AvailabilityChangeContext,
  { current, absences }: { current: readonly StoredAbsence[]; absences: readonly Absence[] },
): Promise<boolean> {
  const removed = current.filter((absence) => !absences.some(isSameAs(absence)));
  const added = absences.filter((absence) => !current.some(isSameAs(absence)));
  const ids = removed.map(({ id }) => id);
  if (ids.length > 0)
    await tx.updateTable('absences').set({ removedAt: context.at }).where('id', 'in', ids).execute();
  for (const absence of added) await insertAbsence(tx, context, { id: randomUUID(), ...absence });
  return removed.length + added.length > 0;
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
