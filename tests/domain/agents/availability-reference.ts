import type {
  AvailabilityReason,
  AvailabilitySetting,
  Hours,
  Weekday,
} from '../../../domain/agents/availability.ts';

/** One minute as the local clock of a zone shows it, by the platform's own tables. */
export interface WallClockMinute {
  at: number;
  date: string;
  weekday: Weekday;
  yesterday: Weekday;
  /** Latest time of its date that the clock has shown so far, in minutes: setting a clock back starts nothing again. */
  clock: number;
}

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Lists every whole minute from one instant to another. */
export function minutesBetween(timeZone: string, from: string, until: string): WallClockMinute[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const minutes: WallClockMinute[] = [];
  for (let at = Date.parse(from); at < Date.parse(until); at += 60_000) {
    const [date = '', time = ''] = format.format(at).split(', ');
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    const last = minutes.at(-1);
    const shown = hour * 60 + minute;
    const clock = last?.date === date ? Math.max(last.clock, shown) : shown;
    const day = new Date(`${date}T12:00:00Z`).getUTCDay();
    const [weekday, yesterday] = [names[day] ?? 'sunday', names[(day + 6) % 7] ?? 'sunday'];
    minutes.push({ at, date, weekday, yesterday, clock });
  }
  return minutes;
}

const minuteOfDay = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const endsNextDay = ({ from, until }: Hours) => minuteOfDay(until) <= minuteOfDay(from);

/** Decides availability in one minute by the local clock. */
export function expectedAvailability(
  minute: WallClockMinute,
  { hours, override, absences }: AvailabilitySetting,
): { isAvailable: boolean; because: AvailabilityReason } {
  if (absences.some(({ from, until }) => from <= minute.date && minute.date <= until))
    return { isAvailable: false, because: 'absent' };
  if (override && (override.untilAt === null || minute.at < override.untilAt.getTime()))
    return { isAvailable: override.is === 'on', because: 'override' };
  if (Object.values(hours).every((parts) => parts.length === 0))
    return { isAvailable: true, because: 'always' };
  const begunToday = (hours[minute.weekday] ?? []).some(
    (part) =>
      minuteOfDay(part.from) <= minute.clock && (endsNextDay(part) || minute.clock < minuteOfDay(part.until)),
  );
  const begunYesterday = (hours[minute.yesterday] ?? []).some(
    (part) => endsNextDay(part) && minute.clock < minuteOfDay(part.until),
  );
  return { isAvailable: begunToday || begunYesterday, because: 'hours' };
}
