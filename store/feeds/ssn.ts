/** A Social Security Number as it is usually written. Nine bare digits can as well be an NPN or a license number. */
const written = /^\s*\d{3}-\d{2}-\d{4}\s*$/;

/** True when a field of any column looks like a Social Security Number. This system never needs one. */
export function hasSsnValue(field: string): boolean {
  return field.length >= 11 && written.test(field);
}

/** True when a header names a column of Social Security Numbers, in whatever spelling (SSN, agentSsn, ssn_last4 …). */
export function hasSsnName(header: string): boolean {
  const words = header
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.includes('ssn') || /social\s*security|tax(payer)?\s*id/.test(words.join(' '));
}
