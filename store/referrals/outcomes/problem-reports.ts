import { fullName } from '../../../domain/agents/agent-name.ts';
import type { ProblemKind } from '../../../domain/referrals/referral.ts';
import type { Tx } from '../../database/connection.ts';

/** A problem with an agent that a consumer reported and ops have not handled. */
export interface OpenProblem {
  id: string;
  referralId: string;
  npn: string;
  agentName: string;
  problem: ProblemKind;
  reportedAt: Date;
  /** Number of all problems ever reported of this agent. */
  ofAgent: number;
}

/** Reads the open reports, oldest first. */
export async function readOpenProblems(tx: Tx, limit: number): Promise<OpenProblem[]> {
  const rows = await tx
    .selectFrom('problemReports as p')
    .innerJoin('agents as a', 'a.npn', 'p.npn')
    .select(['p.id', 'p.referralId', 'p.npn', 'p.kind', 'p.reportedAt', 'a.firstName', 'a.lastName'])
    .select((report) =>
      report
        .selectFrom('problemReports as all')
        .whereRef('all.npn', '=', 'p.npn')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('ofAgent'),
    )
    .where('p.handledAt', 'is', null)
    .orderBy('p.reportedAt')
    .limit(limit)
    .execute();
  return rows.map(({ kind, firstName, lastName, ofAgent, ...row }) => ({
    ...row,
    problem: kind as ProblemKind,
    agentName: fullName({ firstName, lastName }),
    ofAgent: Number(ofAgent),
  }));
}

/** Marks a report as handled, with account and reason; the first mark stands. @returns false if there is no such report */
export async function markProblemHandled(
  tx: Tx,
  { id, accountId, reason, at }: { id: string; accountId: string; reason: string; at: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable('problemReports')
    .set((report) => ({
      handledAt: report.fn.coalesce('handledAt', report.val(at)),
      handledBy: report.fn.coalesce('handledBy', report.val(accountId)),
      handledReason: report
        .case()
        .when('handledAt', 'is', null)
        .then(reason)
        .else(report.ref('handledReason'))
        .end(),
    }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
