import { z } from 'zod';
import { decideOnReply, unclearReplies } from '../../../store/notifications/unclear-replies.ts';
import { markProblemHandled, readOpenProblems } from '../../../store/referrals/outcomes/problem-reports.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { maxOpenItems, opsReason, replyDecision, unclearReplyList } from '../../schemas/ops/ops-actions.ts';
import { openProblemList } from '../../schemas/referrals/consumer-actions.ts';

/** Routes for items that ops must decide: problems that consumers report, and unclear replies to texts. */
export function opsProblemRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/problems',
      summary: 'List reported problems that are not handled yet',
      responses: { 200: { description: 'The oldest first', schema: openProblemList } },
      handle: async () => {
        const problems = await readOpenProblems(db, maxOpenItems);
        return {
          status: 200 as const,
          body: {
            problems: problems.map(({ reportedAt, ...report }) => ({
              ...report,
              reportedAt: reportedAt.toISOString(),
            })),
          },
        };
      },
    }),
    route({
      key: 'POST /v1/ops/problems/:id/handling',
      summary: 'Mark a reported problem as handled',
      params: z.strictObject({ id }),
      body: opsReason,
      responses: { 204: { description: 'Marked now or earlier' } },
      handle: async ({ params: { id: reportId }, body: { reason }, caller: { accountId } }) => {
        const isFound = await markProblemHandled(db, { id: reportId, accountId, reason, at: now() });
        return isFound ? { status: 204 as const } : fail('not-found');
      },
    }),
    route({
      key: 'GET /v1/ops/unclear-replies',
      summary: 'List unclear replies to texts; texts to these phones are off until ops decide',
      responses: { 200: { description: 'The oldest first', schema: unclearReplyList } },
      handle: async () => {
        const replies = await unclearReplies(db, maxOpenItems);
        return {
          status: 200 as const,
          body: {
            replies: replies.map(({ stoppedAt, ...reply }) => ({
              ...reply,
              stoppedAt: stoppedAt.toISOString(),
            })),
          },
        };
      },
    }),
    route({
      key: 'POST /v1/ops/unclear-replies/:id/decision',
      summary: 'Decide on an unclear reply: resume texts, or treat it as STOP',
      params: z.strictObject({ id }),
      body: replyDecision,
      responses: { 204: { description: 'Decided now or earlier' } },
      problems: ['not-allowed-now'],
      handle: async ({ params, body, caller: { accountId } }) => {
        const decision = { ...params, ...body, accountId, at: now() };
        const decided = await db.transaction().execute((tx) => decideOnReply(tx, decision));
        if (decided === 'otherwise')
          fail('not-allowed-now', { detail: 'Ops have already decided the opposite.' });
        return decided === 'done' ? { status: 204 as const } : fail('not-found');
      },
    }),
  ];
}
