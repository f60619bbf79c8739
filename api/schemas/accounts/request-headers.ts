/**
 * Request header with the `accountId` of the session that the page was opened with. A request without it acts for the
 * account that is logged in now.
 */
export const accountHeader = 'Account-Id';

/**
 * Request header of a read that no person caused, such as a page that keeps itself up to date: any value. It does not count
 * as use of the session.
 */
export const backgroundHeader = 'Background';
