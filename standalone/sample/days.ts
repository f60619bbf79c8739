/** A calendar day as the number of days since 1970, so that the generator can calculate with it. */
export type Day = number;

const msPerDay = 86_400_000;

export function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / msPerDay;
}

/** Parses `YYYY-MM-DD`. */
export function parseDay(date: string): Day {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return dayOf(year, month, day);
}

/** Formats a day as the feeds do, `MM/DD/YYYY`; empty for undefined. */
export function formatDay(day: Day | undefined): string {
  if (day === undefined) return '';
  const [year, month, date] = new Date(day * msPerDay).toISOString().slice(0, 10).split('-');
  return `${month}/${date}/${year}`;
}

export function yearOf(day: Day): number {
  return new Date(day * msPerDay).getUTCFullYear();
}

/**
 * Returns the two current plan years of a day, the earlier one first. Training for the next plan year begins in August:
 * from then on they are this year and the next, before that the last year and this one.
 */
export function planYearsOn(day: Day): [number, number] {
  const year = yearOf(day);
  return day >= dayOf(year, 8, 1) ? [year, year + 1] : [year - 1, year];
}
