import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { opsReason } from '../../../../api/schemas/ops/ops-actions.ts';
import type { OpenProblemList } from '../../../../api/schemas/referrals/consumer-actions.ts';
import { keys } from '../../api/queries.ts';
import { usePortal, useText } from '../../portal-context.tsx';
import { useAge } from './use-age.ts';
import { type WaitingAction, WaitingActions, WaitingList } from './waiting-list.tsx';

type Report = OpenProblemList['problems'][number];

/** Open problems that consumers reported about agents. */
export function ReportedProblems({ onChoose }: { onChoose: (action: WaitingAction) => void }) {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops.waiting.problems;
  const ageOf = useAge();
  const reports = useQuery({
    queryKey: keys.opsProblems,
    queryFn: calls.opsProblems,
    select: ({ problems }) => problems,
    refetchInterval: 30_000,
  });
  // an older version of this page may not know a newer problem
  const saidOf = ({ problem }: Report) => sentences.problem[problem] ?? problem;
  const handle = (report: Report): WaitingAction => ({
    buttonId: `handle-${report.id}`,
    words: text.handle,
    about: text.about(report.npn, saidOf(report)),
    isReason: (reason) => opsReason.safeParse({ reason }).success,
    send: (reason) => calls.handleProblem(report.id, { reason }),
  });
  return (
    <WaitingList
      id="problems-table"
      query={reports}
      caption={text.caption}
      none={text.none}
      columns={[text.age, text.agent, words.ops.what, text.ofAgent, text.request, words.ops.actions]}
      cellsOf={(report) => [
        ageOf(report.reportedAt),
        <Fragment key="agent">
          {report.agentName}, <Link to={`/ops/agents/${report.npn}`}>{report.npn}</Link>
        </Fragment>,
        saidOf(report),
        report.ofAgent,
        report.referralId,
        <WaitingActions key="actions" actions={[handle(report)]} onChoose={onChoose} />,
      ]}
    />
  );
}
