import { refuse } from '../../../domain/failures.ts';

/**
 * A Social Security Number as it is written: three, two and four digits with a space, a dot or a dash of any kind between
 * them. Nine bare digits can as well be an NPN or a license number.
 */
const writtenSsn = /^\s*\d{3}[-\s.\p{Pd}]\d{2}[-\s.\p{Pd}]\d{4}\s*$/u;

/** @throws `feed-holds-ssn` when a field of any column looks like a Social Security Number. */
export function refuseIfSsn(fields: readonly string[]): void {
  if (fields.some((field) => field.length >= 11 && writtenSsn.test(field))) refuseSsn();
}

/** Whether a column is called after them, in whatever spelling: SSN, agentSsn, ssn_last4, Soc. Sec. No., Taxpayer ID … */
export function isSsnColumn(header: string): boolean {
  const words = header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return (
    words.some((word) => /^(ssn|ssns|ssnum|itin|tin)$/.test(word)) ||
    /soc(ial)? ?sec|\bss (num|no|nbr)|tax(payer)? ?(id|no|num)|seguro social/.test(words.join(' '))
  );
}

export function refuseSsn(): never {
  refuse(
    'feed-holds-ssn',
    'The file has a column that looks like Social Security Numbers. Nothing of it was kept.',
  );
}
