import { z } from 'zod';
import { endSessionOf, endSessions, readSessions } from '../../../store/accounts/sessions.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { sessionList } from '../../schemas/accounts/session.ts';
import { id } from '../../schemas/fields.ts';

/** Routes to see where one's account is logged in, and to end that. */
export function ownSessionRoutes(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  recordSecurity: SecurityLog,
): Route[] {
  const endedByOwner = (accountId: string) =>
    ({ kind: 'session-ended', accountId, detail: 'ended-by-owner' }) as const;
  return [
    route({
      key: 'GET /v1/me/sessions',
      summary: 'List where the account is logged in',
      responses: { 200: { description: 'The sessions', schema: sessionList } },
      handle: async ({ caller: { accountId, sessionId } }) => {
        const found = await readSessions(db, { accountId, at: now() });
        return {
          status: 200,
          body: {
            sessions: found.map(({ createdAt, usedAt, endsAt, ...own }) => ({
              ...own,
              isCurrent: own.id === sessionId,
              createdAt: createdAt.toISOString(),
              usedAt: usedAt.toISOString(),
              endsAt: endsAt.toISOString(),
            })),
          },
        };
      },
    }),
    route({
      key: 'DELETE /v1/me/sessions/:id',
      summary: 'Log out on one device',
      params: z.strictObject({ id }),
      responses: { 204: { description: 'Ended' } },
      problems: ['not-found'],
      handle: async ({ caller: { accountId }, params, request }) => {
        await recordSecurity.inTransaction(request, async (tx, record) => {
          if (!(await endSessionOf(tx, { accountId, id: params.id }))) fail('not-found');
          await record(endedByOwner(accountId));
        });
        return { status: 204 };
      },
    }),
    route({
      key: 'DELETE /v1/me/sessions',
      summary: 'Log out on all devices but this one',
      responses: { 204: { description: 'Ended' } },
      handle: async ({ caller: { accountId, tokenSha256 }, request }) => {
        await recordSecurity.inTransaction(request, async (tx, record) => {
          const ended = await endSessions(tx, { accountId, exceptTokenSha256: tokenSha256 });
          if (ended > 0) await record(endedByOwner(accountId));
        });
        return { status: 204 };
      },
    }),
  ];
}
