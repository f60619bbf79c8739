import { z } from 'zod';
import { accountExists } from '../../../store/accounts/accounts.ts';
import { readSecurityEvents } from '../../../store/accounts/security-events.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { pageSize } from '../../http/requests/pagination.ts';
import { type Route, route } from '../../http/route.ts';
import {
  type SecurityEventList,
  securityEventList,
  securityEventQuery,
} from '../../schemas/accounts/security-events.ts';
import { id } from '../../schemas/fields.ts';

const responses = { 200: { description: 'A page of events', schema: securityEventList } } as const;

/** Routes of the security events of an account: for its owner, and for ops. */
export function securityEventRoutes({ db }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/security-events',
      summary: 'List log-ins and other security events of one’s own account',
      query: securityEventQuery,
      responses,
      handle: async ({ caller, query }) => ({
        status: 200,
        body: await readPage(caller.accountId, query.page),
      }),
    }),
    route({
      key: 'GET /v1/ops/accounts/:id/security-events',
      summary: 'List log-ins and other security events of an account',
      params: z.strictObject({ id }),
      query: securityEventQuery,
      responses,
      problems: ['not-found'],
      handle: async ({ params, query }) => {
        if (!(await accountExists(db, params.id))) fail('not-found');
        return { status: 200, body: await readPage(params.id, query.page) };
      },
    }),
  ];

  async function readPage(accountId: string, before: number | undefined): Promise<SecurityEventList> {
    const found = await readSecurityEvents(db, { accountId, before, limit: pageSize + 1 });
    const shown = found.slice(0, pageSize);
    const last = found.length > pageSize ? shown.at(-1) : undefined;
    return {
      items: shown.map(({ kind, at, network, browser, detail, byAccountId }) => ({
        kind,
        at: at.toISOString(),
        network,
        browser,
        detail,
        byAccountId,
      })),
      nextPage: last ? `${last.id}` : null,
    };
  }
}
