import { readEmailAddress } from '../../../domain/values/email-address.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import {
  hasAddress,
  hasInvisibleCharacters,
  type NameFault,
  nameFaultsOf,
  spacedName,
} from '../../../domain/values/text-checks.ts';
import { readDay } from './dates.ts';
import { spokenLanguageCode } from './languages.ts';
import { stateCode } from './states.ts';

/** A parsed field: its value in Postgres text format (null: empty), or the reason why it cannot be read. */
export type Cell = { value: string | null } | { reason: string };

/** Reads one trimmed field. A reason never repeats what the field holds: reports are logged and sent on. */
export type CellReader = (text: string) => Cell;

/** Strips `.0`: spreadsheets write a whole number as `2027.0` if its column has an empty cell. */
const withoutFraction = (number: string) => (number.includes('.') ? number.replace(/\.0+$/, '') : number);

/** Invisible characters that come along when a number or a date is copied from a web page. */
const marksAround = /^[\s\p{Default_Ignorable_Code_Point}]+|[\s\p{Default_Ignorable_Code_Point}]+$/gu;
/** Longer than any number or date. */
const maxBareLength = 60;

const withoutMarks = (text: string) => (text.length > maxBareLength ? text : text.replace(marksAround, ''));

/** Reads a National Producer Number and strips leading zeros. */
export const readNpn: CellReader = (text) => {
  const value = normalizeNpn(withoutFraction(withoutMarks(text)));
  return value === undefined ? { reason: 'is not 1 to 10 digits' } : { value };
};

/** Reads a plan year: `2027`, `PY2027` or `Plan Year 2027`. */
export const readPlanYear: CellReader = (text) => {
  const value = withoutFraction(withoutMarks(text)).replace(/^(?:PY|Plan Year) ?(?=\d)/i, '');
  return /^20\d\d$/.test(value) ? { value } : { reason: 'is not a year' };
};

/** Reads a calendar day; `readDay` lists the accepted formats. */
export const readDate: CellReader = (text) => readDay(withoutMarks(text));

/** Placeholders that databases and people write for a missing date. */
const noDate = /^(?:[-–—]+|n\/?a|nan|nat|null|none)$/i;

/** Reads a calendar day; null if the field is empty or holds a placeholder. */
export const readOptionalDate: CellReader = (typed) => {
  const text = withoutMarks(typed);
  return text === '' || noDate.test(text) ? { value: null } : readDay(text);
};

/** Reads up to 200 characters of text, normalized to NFC, with runs of spaces as one. */
export const readPlainText: CellReader = (typed) => {
  if (typed === '') return { reason: 'is empty' };
  if (typed.includes('\ufffd')) return { reason: 'is not in UTF-8' };
  if (/\p{Cc}/u.test(typed)) return { reason: 'holds characters that are not text' };
  const value = typed.normalize('NFC').replace(/\s+/g, ' ');
  return value.length > 200 ? { reason: 'is longer than 200 characters' } : { value };
};

/** Reads text that may be empty. */
export const readOptionalText: CellReader = (value) => (value === '' ? { value } : readPlainText(value));

/** Reads a line of authority as states write it, with uniform spacing. */
export const readLineOfAuthority: CellReader = (value) =>
  readPlainText(value.replace(/\s*&\s*/g, ' & ').replace(/\s*,\s*/g, ', '));

const nameReasons: Readonly<Record<NameFault, string>> = {
  'holds-address': 'holds a web or email address',
  'holds-number': 'holds a number',
  'holds-invisible': 'holds characters that nobody can see',
  'not-a-name': 'is not a name',
};

/** Reads a person's name. Consumers get it in messages, where no part of it may become a link. */
const readPersonName: CellReader = (value) => {
  const cell = readPlainText(spacedName(value));
  if ('reason' in cell || cell.value === null) return cell;
  const [fault] = nameFaultsOf(cell.value);
  return fault ? { reason: nameReasons[fault] } : cell;
};

/** Placeholders for "unknown" that forms hold if they require two names and the person has one. */
const noName =
  /^(?:FNU|LNU|NMN|Unknown|(?:First|Last) Name Unknown|No (?:(?:First|Middle|Last) )?Name|N\/A|[^\p{L}]+)$/iu;

/** Reads a first or last name; a person with a single name has an empty other one. */
export const readOptionalName: CellReader = (value) =>
  value === '' || noName.test(value.replace(/\s+/g, ' ')) ? { value: '' } : readPersonName(value);

/** Reads a license number, which consumers get in messages too. */
export const readLicenseNumber: CellReader = (value) => {
  if (hasInvisibleCharacters(value)) return { reason: 'holds characters that are not text' };
  return hasAddress(value) ? { reason: 'holds a web or email address' } : readPlainText(value);
};

/** Reads an email address. */
export const readEmail: CellReader = (value) => {
  const read = readEmailAddress(value);
  if ('address' in read) return { value: read.address };
  const isReadable = read.fault === 'email-not-ascii';
  return {
    reason: isReadable ? 'has characters before the @ that mail cannot go to' : 'is not an email address',
  };
};

/** Reads a state: two letters or its English name, in any case. */
export const readState: CellReader = (value) => {
  const code = stateCode(value);
  return code === undefined ? { reason: 'is not a state as two letters' } : { value: code };
};

/** Reads names or codes of languages separated by `;` as BCP 47 codes. */
export const readLanguageList: CellReader = (value) =>
  list(value, spokenLanguageCode, 'names a language that is not known');

/** Reads states separated by `;`. */
export const readStateList: CellReader = (value) =>
  list(value, stateCode, 'names a state that is not two letters');

export const readFlag: CellReader = readWordOf(
  { Y: 'true', N: 'false' },
  { Yes: 'Y', No: 'N', True: 'Y', False: 'N' },
);

export const readStatus: CellReader = readWordOf({ Active: 'true', Inactive: 'false' });

/** Reads Y, N, or `-` for "not stated". */
export const readFlagOrDash: CellReader = readWordOf(
  { Y: 'Y', N: 'N', '-': '-' },
  { Yes: 'Y', No: 'N', '': '-', '–': '-', '—': '-' },
);

/** Makes a reader of one of these words in any case; the value is spelled as here. */
export function readOneOf(...words: string[]): CellReader {
  return readWordOf(Object.fromEntries(words.map((word) => [word, word])));
}

const readTerminationCode = readOneOf('T1', 'T2', 'T3', 'T4', 'R1', 'R2', 'R3', 'R4');
const describedCode = /^([TR])\s*(\d)(?:\s*[-–—:](?!.*\b[TR]\s*\d).*)?$/i;

/** Reads the code of a termination or reconsideration. A description may follow it unless that names another code. */
export const readTerminationStatus: CellReader = (value) =>
  readTerminationCode(value.replace(describedCode, '$1$2'));

/** @param also other spellings: spelling → word of `values` */
function readWordOf(values: Record<string, string>, also: Record<string, string> = {}): CellReader {
  const known = new Map(Object.entries(values).map(([word, value]) => [folded(word), value]));
  for (const [word, of] of Object.entries(also)) known.set(folded(word), known.get(folded(of)) ?? '');
  const reason = `is not one of ${Object.keys(values).join(', ')}`;
  return (word) => {
    const value = known.get(folded(word));
    return value === undefined ? { reason } : { value };
  };
}

function folded(word: string): string {
  return word.toLowerCase().replace(/\s+/g, ' ');
}

function list(value: string, read: (item: string) => string | undefined, reason: string): Cell {
  // no language or state has a comma or a bar in its name
  const items = value.split(/[;,|]/).map((item) => item.trim());
  const values = items.filter((item) => item !== '').map(read);
  return values.includes(undefined) ? { reason } : { value: `{${[...new Set(values)].join(',')}}` };
}
