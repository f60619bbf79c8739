import ms from 'ms';
import { fail } from './problems.ts';

/** How many items a page of a list has. */
export const pageSize = 50;

/** A place in a list, as text that only this service reads: where the next page begins. */
export function toPageCursor(at: Date, id: string): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/** What names an item of a list. */
const cursorPatterns = {
  uuid: /^(\d{1,15}) ([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/,
  onboarding: /^(\d{1,15}) (\d{1,10}-\d{4})$/,
};

/** The place that a `page` stands for. @throws a failed field where it is none of this list */
export function readPageCursor(
  page: string | undefined,
  of: keyof typeof cursorPatterns,
): { at: Date; id: string } | undefined {
  if (page === undefined) return undefined;
  const [, time, id] = cursorPatterns[of].exec(Buffer.from(page, 'base64url').toString()) ?? [];
  const at = new Date(Number(time));
  if (id === undefined || Number.isNaN(at.getTime()))
    fail('invalid-fields', {
      errors: [{ pointer: '?page', code: 'unknown-page', detail: 'Not a page of this list.' }],
    });
  return { at, id };
}

/** Which part of a board is asked for; one row more than shown tells whether there is a next page. */
export function toBoardPage(
  olderThan: string | undefined,
  after: { at: Date; id: string } | undefined,
  at: Date,
) {
  return {
    ...(olderThan ? { sinceAtMost: new Date(at.getTime() - ms(olderThan as ms.StringValue)) } : {}),
    ...(after ? { after: { since: after.at, id: after.id } } : {}),
    limit: pageSize + 1,
  };
}
