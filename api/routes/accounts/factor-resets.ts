import { z } from 'zod';
import { resetFactors } from '../../../store/accounts/factor-resets.ts';
import { tellOfCredentialChange } from '../../../store/agents/credential-changes.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason } from '../../schemas/ops/ops-actions.ts';

/** Route for the day on which somebody has lost every second factor: an administrator removes them, once they know who asks. */
export function factorResetRoutes({ now }: Pick<Deps, 'now'>, recordSecurity: SecurityLog): Route[] {
  return [
    route({
      key: 'POST /v1/ops/accounts/:id/second-factor-reset',
      summary: 'Remove every second factor of an account, also of an agent’s; its sessions end',
      description:
        'For an owner who has lost them all. The password stays, and its owner adds a second factor at the next log-in where ' +
        'the account needs one. An agent is told by mail.',
      params: z.strictObject({ id }),
      problems: ['not-found', 'not-allowed-now'],
      body: opsReason,
      responses: { 204: { description: 'Removed now or earlier' } },
      handle: async ({ params, body, caller: { accountId: by }, request }) => {
        const [accountId, at] = [params.id, now()];
        await recordSecurity.inTransaction(request, async (tx, record) => {
          const reset = await resetFactors(tx, { ...params, ...body, by, at });
          if (!reset) return;
          const about = { accountId, byAccountId: by };
          await record({ kind: 'credentials-changed', ...about, detail: 'factors-reset' });
          if (reset.ended > 0) await record({ kind: 'session-ended', ...about, detail: 'factor-changed' });
          await tellOfCredentialChange(tx, { accountId, npn: reset.npn, at, change: 'factors-reset' });
        });
        return { status: 204 };
      },
    }),
  ];
}
