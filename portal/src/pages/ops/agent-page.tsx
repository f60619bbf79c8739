import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { AgentForOps } from '../../../../api/schemas/ops/ops.ts';
import { ApiProblem } from '../../api/problem.ts';
import { keys } from '../../api/queries.ts';
import { Facts } from '../../layout/facts.tsx';
import { Page } from '../../layout/frame/page.tsx';
import { Loaded } from '../../layout/loaded.tsx';
import { useLive } from '../../live/live-changes.ts';
import { useNow } from '../../live/use-now.ts';
import { usePortal, useText, whenHere } from '../../portal-context.tsx';
import { SecurityEventTable } from '../account/security-event-table.tsx';
import { ReadinessFacts } from '../agent/availability/readiness-check.tsx';
import { AgentActions } from './agent-actions.tsx';
import { AgentNotices } from './agent-notices.tsx';
import { AgentOnboarding } from './agent-onboarding.tsx';
import { FactorReset } from './factor-reset.tsx';

/**
 * Interval of repeated reads, for what no event tells of, such as the delivery of a notice. Without a stream it is short after
 * an action, because the workflow reacts within seconds.
 */
function refetchIntervalMs(agent: AgentForOps | undefined, isConnected: boolean, now: Date): number {
  const last = agent?.actions[0];
  return !isConnected && last && now.getTime() - Date.parse(last.at) < 60_000 ? 2_000 : 15_000;
}

/** The log-ins of the agent's account, and what was refused to it. */
function AgentSecurityEvents({ accountId }: { accountId: string }) {
  const { calls } = usePortal();
  return (
    <SecurityEventTable
      queryKey={keys.opsSecurityEvents(accountId)}
      read={(page) => calls.opsSecurityEvents(accountId, page)}
    />
  );
}

/** Page with everything about one agent, and the ops actions. */
export function AgentPage() {
  const { calls } = usePortal();
  const { sentences, words } = useText();
  const text = words.ops;
  const { npn = '' } = useParams();
  const now = useNow(30_000);
  const { isConnected } = useLive();
  const agent = useQuery({
    queryKey: keys.opsAgent(npn),
    queryFn: () => calls.opsAgent(npn),
    refetchInterval: ({ state }) => refetchIntervalMs(state.data, isConnected, now),
  });
  const unknown = agent.error instanceof ApiProblem && agent.error.kind === 'not-found';
  const at = (instant: string | null) =>
    instant === null ? text.never : sentences.at(new Date(instant), whenHere(now));
  return (
    <Page title={text.agentTitle(npn)} wide>
      <p>
        <Link to="/ops">{text.back}</Link>
      </p>
      {unknown ? (
        <p>{text.unknownAgent}</p>
      ) : (
        <Loaded query={agent}>
          {(view) => (
            <>
              <Facts
                of={[
                  [text.registeredAt, at(view.registeredAt)],
                  [text.heldAt, at(view.heldAt)],
                  [text.leftAt, at(view.leftAt)],
                  [
                    text.restingSince,
                    view.resting
                      ? text.resting(at(view.resting.since), view.resting.unseenOffers)
                      : text.never,
                  ],
                  ...view.skips.map(
                    ({ since, ...skip }) => [text.skips(sentences.skip(skip)), at(since)] as const,
                  ),
                ]}
              />
              {view.readiness && <ReadinessFacts readiness={view.readiness} />}
              <AgentActions key={npn} agent={view} />
              {view.onboardings.map((onboarding) => (
                <AgentOnboarding key={onboarding.planYear} of={onboarding} />
              ))}
              <AgentNotices of={view.notices} />
              {view.accountId && <AgentSecurityEvents accountId={view.accountId} />}
              {view.accountId && <FactorReset key={npn} npn={npn} accountId={view.accountId} />}
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}
