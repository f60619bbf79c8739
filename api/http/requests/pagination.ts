import ms from 'ms';
import { fail } from '../problems.ts';

/** Number of items on a page of a list. */
export const pageSize = 50;

/** Encodes the start of the next page of a list as an opaque cursor. */
export function toPageCursor(at: Date, id: string): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/** Patterns of decoded cursors, by the kind of id in the list. */
const cursorPatterns = {
  uuid: /^(\d{1,15}) ([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/,
  onboarding: /^(\d{1,15}) (\d{1,10}-\d{4})$/,
};

/** Decodes the cursor in `page`. @throws a problem of type `invalid-fields` if it is not a cursor of this list */
export function readPageCursor(
  page: string | undefined,
  idKind: keyof typeof cursorPatterns,
): { at: Date; id: string } | undefined {
  if (page === undefined) return undefined;
  const [, time, id] = cursorPatterns[idKind].exec(Buffer.from(page, 'base64url').toString()) ?? [];
  const at = new Date(Number(time));
  if (id === undefined || Number.isNaN(at.getTime()))
    fail('invalid-fields', {
      errors: [{ pointer: '?page', code: 'unknown-page', detail: 'Not a page of this list.' }],
    });
  return { at, id };
}

/** Converts the query of a board to bounds for the store. It reads one extra row to know whether a next page exists. */
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
