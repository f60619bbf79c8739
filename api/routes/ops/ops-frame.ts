import ms from 'ms';
import { pageSize } from '../../http/pagination.ts';

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
