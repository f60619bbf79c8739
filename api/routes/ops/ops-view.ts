import type { Readiness } from '../../../domain/agents/readiness.ts';
import type { SkipPeriod } from '../../../domain/matching/skips.ts';
import { nextActionOf, nextInvitationAt } from '../../../domain/onboarding/next-action.ts';
import type { OnboardingCause } from '../../../domain/onboarding/standing.ts';
import {
  type DeactivationCause,
  opsActionFactsOf,
  possibleOpsActions,
} from '../../../domain/ops/ops-actions.ts';
import { eventSentence, sentencesIn } from '../../../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import type { NoticeRecord, OpsActionRecord } from '../../../store/agents/agent-history.ts';
import type { Rest } from '../../../store/agents/rests.ts';
import type { StoredEvent } from '../../../store/events.ts';
import { type OnboardingRecord, standingOf } from '../../../store/onboarding/facts.ts';
import type { AppliedOpsAction } from '../../../store/ops/ops-actions.ts';
import type { AgentForOps, OnboardingBoard } from '../../schemas/ops/ops.ts';
import type { OpsActionResult } from '../../schemas/ops/ops-actions.ts';
import { readinessView } from '../agents/readiness.ts';
import { skipView } from '../agents/skips.ts';
import { conditionView } from '../onboarding/onboarding-view.ts';

const hourMs = 3_600_000;
/** Ops read English, as in the Temporal UI. */
const sentences = sentencesIn('en');
const whenAt = (now: Date) => ({ now, timeZone: marketplaceTimeZone });

/**
 * Converts an onboarding for ops: stage and causes as the workflow wrote them, next automatic action, possible
 * actions.
 */
export function toOnboardingForOps(
  { row, facts }: OnboardingRecord,
  now: Date,
): OnboardingBoard['items'][number] {
  const { npn, planYear, stage, since, nextChangeAt } = row;
  const causes = row.causes as OnboardingCause[];
  const standing = standingOf({ row, facts }, now);
  const next = nextActionOf(now, facts, standing);
  const linkExpiresAt = stage === 'invited' ? facts.invitation?.expiresAt : undefined;
  const retryAt = nextInvitationAt(stage, facts);
  const moment = { causes, nextChangeAt, linkExpiresAt, retryAt, when: whenAt(now) };
  return {
    npn,
    planYear,
    stage,
    causes,
    conditions: standing.conditions.map(conditionView),
    since: since.toISOString(),
    ageHours: Math.max(0, Math.floor((now.getTime() - since.getTime()) / hourMs)),
    details: sentences.onboardingStage[stage].ops(moment),
    nextAction: sentences.onboardingNextAction(next),
    nextActionAt: next.does === 'nothing' ? null : next.at.toISOString(),
    canDo: possibleOpsActions(opsActionFactsOf({ row, facts })),
  };
}

/** Everything on record about one agent. */
interface AgentOnRecord {
  /** Onboarding that decides the agent's standing. */
  latest: OnboardingRecord;
  accountId: string | undefined;
  onboardings: readonly { record: OnboardingRecord; events: readonly StoredEvent[] }[];
  actions: readonly OpsActionRecord[];
  notices: readonly NoticeRecord[];
  skips: readonly SkipPeriod[];
  rest: Rest | undefined;
  readiness: Readiness | undefined;
}

/** Converts an agent for ops: onboardings, the latest first, with their events, and the agent's actions and notices. */
export function toAgentForOps(
  npn: string,
  { latest, accountId, onboardings, actions, notices, skips, rest, readiness }: AgentOnRecord,
  now: Date,
): AgentForOps {
  const { registeredAt, heldAt, leftAt } = latest.facts;
  return {
    npn,
    accountId: accountId ?? null,
    registeredAt: isoOrNull(registeredAt),
    heldAt: isoOrNull(heldAt),
    leftAt: isoOrNull(leftAt),
    resting: rest ? { since: rest.beganAt.toISOString(), unseenOffers: rest.unseenOffers } : null,
    readiness: readiness ? readinessView(readiness) : null,
    skips: skips.map(skipView),
    canDo: possibleOpsActions(opsActionFactsOf(latest)),
    onboardings: onboardings.map(({ record, events }) => ({
      ...toOnboardingForOps(record, now),
      events: events.map((event) => eventView(event, now)),
    })),
    actions: actions.map(({ at, because, ...record }) => ({
      ...record,
      because: because as DeactivationCause | null,
      at: at.toISOString(),
    })),
    notices: notices.map(({ createdAt, channels, ...notice }) => ({
      ...notice,
      createdAt: createdAt.toISOString(),
      channels: channels.map((channel) => ({
        ...channel,
        changedAt: new Date(channel.changedAt).toISOString(),
      })),
    })),
  };
}

/** Converts the result of an action to the response. */
export function toOpsActionResult(
  npn: string,
  { id, action, at, heldAt, leftAt, canDo }: AppliedOpsAction,
): OpsActionResult {
  return {
    id,
    npn,
    action,
    at: at.toISOString(),
    heldAt: isoOrNull(heldAt),
    leftAt: isoOrNull(leftAt),
    canDo,
  };
}

function eventView({ sequence, kind, at, by, data }: StoredEvent, now: Date) {
  const text = eventSentence(sentences, { subject: 'onboarding', kind, data }, whenAt(now));
  return { sequence, kind, at: at.toISOString(), by, text, data };
}

function isoOrNull(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
