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
import type { StoredEvent } from '../../../store/events.ts';
import { type OnboardingRecord, standingOf } from '../../../store/onboarding/facts.ts';
import type { AppliedOpsAction } from '../../../store/ops/ops-actions.ts';
import type { AgentForOps, OnboardingBoard } from '../../schemas/ops/ops.ts';
import type { OpsActionResult } from '../../schemas/ops/ops-actions.ts';
import { conditionView } from '../onboarding/onboarding-view.ts';

const hourMs = 3_600_000;
/** Ops read English, as in the Temporal UI. */
const sentences = sentencesIn('en');
const whenAt = (now: Date) => ({ now, timeZone: marketplaceTimeZone });

/** Where an onboarding stands as its story wrote it, what comes next by itself, and what ops can do. */
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

/** All that is on record about one agent. */
interface AgentOnRecord {
  /** The onboarding that speaks for him. */
  latest: OnboardingRecord;
  onboardings: readonly { known: OnboardingRecord; events: readonly StoredEvent[] }[];
  acts: readonly OpsActionRecord[];
  notices: readonly NoticeRecord[];
}

/** What is known of one agent for ops: his onboardings, the latest first, with their events, acts and notices. */
export function toAgentForOps(
  npn: string,
  { latest, onboardings, acts, notices }: AgentOnRecord,
  now: Date,
): AgentForOps {
  const { registeredAt, heldAt, leftAt } = latest.facts;
  return {
    npn,
    registeredAt: isoOrNull(registeredAt),
    heldAt: isoOrNull(heldAt),
    leftAt: isoOrNull(leftAt),
    canDo: possibleOpsActions(opsActionFactsOf(latest)),
    onboardings: onboardings.map(({ known, events }) => ({
      ...toOnboardingForOps(known, now),
      events: events.map((event) => eventView(event, now)),
    })),
    acts: acts.map(({ at, because, action, ...record }) => ({
      ...record,
      act: action,
      because: because as DeactivationCause | null,
      at: at.toISOString(),
    })),
    notices: notices.map(({ createdAt, channels, ...notice }) => ({
      ...notice,
      createdAt: createdAt.toISOString(),
      channels: channels.map((one) => ({ ...one, changedAt: new Date(one.changedAt).toISOString() })),
    })),
  };
}

/** An act as it is answered. */
export function toOpsActionResult(
  npn: string,
  { id, action, at, heldAt, leftAt, canDo }: AppliedOpsAction,
): OpsActionResult {
  return {
    id,
    npn,
    act: action,
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
