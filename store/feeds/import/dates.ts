/** A calendar day as `YYYY-MM-DD`, or the reason why the field holds none. */
type Day = { value: string } | { reason: string };

const monthFirst = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const yearFirst = /^(\d{4})(?:([-/])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))$/;
/** A time after the day. Without a zone any time is accepted; with a zone only midnight UTC, since others could mean another day. */
const timePart =
  /[T ]+(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[AP]M)?|00:00(?::00(?:\.0{1,9})?)?(?:Z| UTC|[+-]00(?::?00)?))$/i;

/**
 * Reads a day in the formats of the feeds' sources: `MM/DD/YYYY` with or without leading zeros, or ISO 8601 as the catalog
 * writes date columns. A time may follow, as databases and spreadsheets export it. Ambiguous dates are refused: two-digit
 * years, day and month between dashes or dots, times in another zone.
 */
export function readDay(text: string): Day {
  const day = text.length > 10 ? text.replace(timePart, '') : text;
  const parts = partsOf(day);
  if (!parts) return { reason: 'is not a date as MM/DD/YYYY' };
  const [year, month, date] = parts;
  const exists = date >= 1 && date <= daysOf(month, year) && year >= 1900;
  if (!exists) return { reason: 'is not a day that exists' };
  return { value: `${year}-${twoDigits(month)}-${twoDigits(date)}` };
}

function partsOf(day: string): [year: number, month: number, date: number] | undefined {
  const [, month, date, year] = monthFirst.exec(day) ?? [];
  if (year !== undefined) return [Number(year), Number(month), Number(date)];
  const found = yearFirst.exec(day);
  return found ? [Number(found[1]), Number(found[3] ?? found[5]), Number(found[4] ?? found[6])] : undefined;
}

function daysOf(month: number, year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : ([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

const twoDigits = (number: number) => `${number}`.padStart(2, '0');
