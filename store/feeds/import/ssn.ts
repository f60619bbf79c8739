import { refuse } from '../../../domain/failures.ts';

/**
 * A written Social Security Number: three, two and four digits separated by spaces, dots or any dashes. Nine digits without
 * separators may be an NPN or a license number.
 */
const writtenSsn = /^\s*\d{3}[-\s.\p{Pd}]\d{2}[-\s.\p{Pd}]\d{4}\s*$/u;

/** @throws `feed-holds-ssn` when any field looks like a Social Security Number */
export function refuseIfSsn(fields: readonly string[]): void {
  if (fields.some((field) => field.length >= 11 && writtenSsn.test(field))) refuseSsn();
}

/** Returns whether a column name means Social Security Numbers: SSN, agentSsn, ssn_last4, Soc. Sec. No., Taxpayer ID … */
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

/** @throws `feed-holds-ssn` */
export function refuseSsn(): never {
  refuse(
    'feed-holds-ssn',
    'The file has a column that looks like Social Security Numbers. Nothing of it was kept.',
  );
}
