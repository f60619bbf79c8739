import { z } from 'zod';
import { endEverySession, endSessionsOf } from '../../../store/accounts/ended-sessions.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason } from '../../schemas/ops/ops-actions.ts';

const responses = { 204: { description: 'Ended now or earlier' } } as const;

/** Routes by which administrators log others out: one account, or everybody where much may be in wrong hands. */
export function endedSessionRoutes({ now }: Pick<Deps, 'now'>, recordSecurity: SecurityLog): Route[] {
  return [
    route({
      key: 'POST /v1/ops/accounts/:id/session-end',
      summary: 'End every session of an account, also of an agent’s',
      params: z.strictObject({ id }),
      problems: ['not-found'],
      body: opsReason,
      responses,
      handle: async ({ params, body, caller: { accountId: by }, request }) => {
        const event = { accountId: params.id, byAccountId: by, detail: 'ended-by-administrator' };
        await recordSecurity.inTransaction(request, async (tx, record) => {
          const ended = await endSessionsOf(tx, { ...params, ...body, by, at: now() });
          if (ended > 0) await record({ kind: 'session-ended', ...event });
        });
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/ops/session-end',
      summary: 'End every session of everybody but this one',
      body: opsReason,
      responses,
      handle: async ({ body, caller: { accountId: by, tokenSha256 }, request }) => {
        await recordSecurity.inTransaction(request, async (tx, record) => {
          await endEverySession(tx, { ...body, by, at: now(), exceptTokenSha256: tokenSha256 });
          await record({ kind: 'session-ended', accountId: by, detail: 'of-everybody' });
        });
        return { status: 204 };
      },
    }),
  ];
}
