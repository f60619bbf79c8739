import { refuse } from '../../domain/failures.ts';
import type { FeedDefinition } from './definitions.ts';

/** A Social Security Number as it is usually written. Nine bare digits can as well be an NPN or a license number. */
const writtenSsn = /^\s*\d{3}-\d{2}-\d{4}\s*$/;

/** @throws `feed-holds-ssn` when a field of any column looks like a Social Security Number. */
export function checkForSsn(fields: readonly string[]): void {
  if (fields.some((field) => field.length >= 11 && writtenSsn.test(field))) refuseSsn();
}

/** @throws `feed-holds-ssn` or `feed-header-differs`; a file without any row has no header. */
export function checkHeader(header: readonly string[], { kind, columns }: FeedDefinition): void {
  if (header.some(namesSsn)) refuseSsn();
  const expected = columns.map((column) => column.header);
  if (header.length === expected.length && expected.every((name, index) => name === header[index])) return;
  // what was found instead is not repeated: a file without a header has a person in its first line
  refuse('feed-header-differs', `The header of ${kind} has to be exactly: ${expected.join(',')}`, {
    kind,
    expected,
  });
}

/** In whatever spelling: SSN, agentSsn, ssn_last4, Social Security Number … */
function namesSsn(header: string): boolean {
  const words = header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.includes('ssn') || /social ?security|tax(payer)? ?id/.test(words.join(' '));
}

function refuseSsn(): never {
  refuse(
    'feed-holds-ssn',
    'The file has a column that looks like Social Security Numbers. Nothing of it was kept.',
  );
}
