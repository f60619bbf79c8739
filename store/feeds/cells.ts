import { normalizeNpn } from '../../domain/npn.ts';
import { spokenLanguageCode } from './languages.ts';

/** What one field says: its value in Postgres' own text form (null: empty), or why it cannot be read. */
export type Cell = { value: string | null } | { reason: string };

/** Reads one trimmed field. A reason never repeats what the field holds: reports are logged and sent on. */
export type ReadCell = (text: string) => Cell;

const postalStates = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH ' +
    'OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI'
  ).split(' '),
);

/** A producer number, kept without leading zeros. */
export const npn: ReadCell = (text) => {
  const value = normalizeNpn(text);
  return value === undefined ? { reason: 'is not 1 to 10 digits' } : { value };
};

export const planYear: ReadCell = (text) =>
  /^20\d\d$/.test(text) ? { value: text } : { reason: 'is not a year' };

/** `MM/DD/YYYY`, a day that exists. */
export const date: ReadCell = (text) => {
  const [, month, day, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) ?? [];
  if (year === undefined) return { reason: 'is not a date as MM/DD/YYYY' };
  const value = `${year}-${month}-${day}`;
  const exists = Number(day) >= 1 && Number(day) <= daysOf(Number(month), Number(year));
  return exists && year >= '1900' ? { value } : { reason: 'is not a day that exists' };
};

function daysOf(month: number, year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : ([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** Text up to 200 characters. Control and replacement characters mean a file that is not UTF-8. */
export const text: ReadCell = (value) => {
  if (value === '') return { reason: 'is empty' };
  if (value.length > 200) return { reason: 'is longer than 200 characters' };
  return /[\p{Cc}\ufffd]/u.test(value) ? { reason: 'holds characters that are not text' } : { value };
};

export const email: ReadCell = (value) =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? text(value) : { reason: 'is not an email address' };

export const state: ReadCell = (value) =>
  postalStates.has(value) ? { value } : { reason: 'is not a state as two letters' };

/** Names of languages separated by `;`, kept as BCP-47 codes. */
export const languages: ReadCell = (value) =>
  list(value, spokenLanguageCode, 'names a language that is not known');

/** States separated by `;`. */
export const states: ReadCell = (value) =>
  list(value, (item) => (postalStates.has(item) ? item : undefined), 'names a state that is not two letters');

export const flag: ReadCell = named({ Y: 'true', N: 'false' });

export const status: ReadCell = named({ Active: 'true', Inactive: 'false' });

/** One of the given words, kept as it is. */
export function oneOf(...words: string[]): ReadCell {
  return named(Object.fromEntries(words.map((word) => [word, word])));
}

/** What an empty field means nothing in: null instead of a reason. */
export function optional(read: ReadCell): ReadCell {
  return (value) => (value === '' ? { value: null } : read(value));
}

function named(values: Record<string, string>): ReadCell {
  const known = new Map(Object.entries(values));
  const reason = `is not one of ${[...known.keys()].join(', ')}`;
  return (word) => {
    const value = known.get(word);
    return value === undefined ? { reason } : { value };
  };
}

function list(value: string, read: (item: string) => string | undefined, reason: string): Cell {
  const items = value.split(';').map((item) => item.trim());
  const values = items.filter((item) => item !== '').map(read);
  return values.includes(undefined) ? { reason } : { value: `{${[...new Set(values)].join(',')}}` };
}
