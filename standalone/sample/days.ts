/** A calendar day as the number of days since 1970: the generator counts with days a great deal. */
export type Day = number;

const msPerDay = 86_400_000;

export function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / msPerDay;
}

/** From `YYYY-MM-DD`. */
export function parseDay(date: string): Day {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return dayOf(year, month, day);
}

/** As the feeds write it, `MM/DD/YYYY`; nothing for no day. */
export function formatDay(day: Day | undefined): string {
  if (day === undefined) return '';
  const [year, month, date] = new Date(day * msPerDay).toISOString().slice(0, 10).split('-');
  return `${month}/${date}/${year}`;
}

export function yearOf(day: Day): number {
  return new Date(day * msPerDay).getUTCFullYear();
}

/**
 * The two plan years that matter on a day, the earlier one first: from August on, when training for the next plan
 * year has begun, this one and the next, before it the last one and this.
 */
export function planYearsOn(day: Day): [number, number] {
  const year = yearOf(day);
  return day >= dayOf(year, 8, 1) ? [year, year + 1] : [year - 1, year];
}
