import { randomUUID } from 'node:crypto';
import type { SessionEnd } from '../../domain/accounts/security-events.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import {
  type DeactivationCause,
  type OpsAction,
  type OpsActionObstacle,
  obstacleToAction,
  opsActionFactsOf,
  possibleOpsActions,
} from '../../domain/ops/ops-actions.ts';
import { isRepeatedCommand } from '../../domain/repeated-commands.ts';
import { accountIdOf } from '../accounts/accounts.ts';
import { recordSecurityEvent } from '../accounts/security-events.ts';
import { endSessions } from '../accounts/sessions.ts';
import { syncAgent } from '../agents/agents.ts';
import { cancelPendingNotices, recordDeparture } from '../agents/departures.ts';
import { lockOpenOnboardings } from '../agents/phones.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { type OnboardingRecord, readFacts } from '../onboarding/facts.ts';
import { type InvitationRequestResult, requestInvitation } from '../onboarding/invitation-requests.ts';
import { currentPlanYear, lockOnboarding } from '../onboarding/onboardings.ts';
import { wakeOnboardings } from '../outbox.ts';

/** An action that ops request. The reason is stored in the action's row and nowhere else. */
export interface OpsActionRequest {
  npn: string;
  action: Exclude<OpsAction, 'invite'>;
  /** For a note about a single plan year. */
  planYear?: number;
  /** For a deactivation. */
  because?: DeactivationCause;
  reason: string;
  accountId: string;
  at: Date;
}

/** An action on record, with the agent's state after it. */
export interface AppliedOpsAction {
  id: string;
  action: OpsAction;
  at: Date;
  leftAt: Date | null;
  heldAt: Date | null;
  canDo: OpsAction[];
}

/** Why the action was not applied, with the agent's onboarding. */
export interface OpsActionRefusal {
  obstacle: OpsActionObstacle;
  record: OnboardingRecord;
}

interface LockedAgent {
  record: OnboardingRecord;
  /** The plan years that are open. */
  open: number[];
  leftBecause: string | null;
}

interface StoredOpsAction {
  id: string;
  action: OpsAction;
  because: string | null;
  planYear: number | null;
  reason: string;
  accountId: string;
  at: Date;
}

const eventOf = { hold: 'held', release: 'released', note: 'noted' } as const;

/**
 * Applies an action to an agent in the caller's transaction: the change, the action's row, an event for each open onboarding,
 * and the messages that wake them. A repeat in the same state changes nothing and returns the first result.
 * @returns undefined if there is no such agent, or the agent has no such plan year
 */
export async function applyOpsAction(
  tx: Tx,
  request: OpsActionRequest,
): Promise<AppliedOpsAction | OpsActionRefusal | undefined> {
  const locked = await lockRows(tx, request);
  if (!locked) return undefined;
  const { record, open } = locked;
  const previous = await findPreviousAction(tx, request);
  if (previous && isRepeat(request, previous, record)) return toActionResult(previous, record);
  const obstacle = obstacleToAction(request.action, opsActionFactsOf(record));
  if (obstacle && !isNewlyRecordedDeath(request, locked)) return { obstacle, record };

  const applied = { id: randomUUID(), because: null, planYear: null, ...request };
  await tx.insertInto('opsActions').values(applied).execute();
  await applyChange(tx, request, applied.id, open);
  return toActionResult(applied, (await readCurrentOnboarding(tx, request.npn, request.planYear)) ?? record);
}

/**
 * Requests another invitation for an agent, and records the action if the request is new; a repeat gets the same answer.
 * @returns undefined if there is no such onboarding
 */
export async function inviteAgain(
  tx: Tx,
  request: OnboardingId & Pick<OpsActionRequest, 'reason' | 'accountId' | 'at'>,
): Promise<InvitationRequestResult | OpsActionRefusal | undefined> {
  const { npn, planYear, at, accountId, reason } = request;
  if (!(await lockOnboarding(tx, request))) return undefined;
  const record = await readFacts(tx, request);
  const obstacle = record && obstacleToAction('invite', opsActionFactsOf(record));
  if (record && obstacle) return { obstacle, record };
  const found = await requestInvitation(tx, { npn, planYear, at, by: 'ops', evenIfLive: true });
  if (found?.found === 'noted')
    await tx
      .insertInto('opsActions')
      .values({ id: randomUUID(), accountId, action: 'invite', npn, planYear, reason, at })
      .execute();
  return found;
}

/**
 * Locks an agent's rows until the transaction ends: first the open onboardings, so that no workflow reviews them meanwhile and
 * their events stay in order, then the agent.
 * @returns the agent's current onboarding, and the plan years of all open ones
 */
async function lockRows(tx: Tx, { npn, planYear, at }: OpsActionRequest): Promise<LockedAgent | undefined> {
  const open = await lockOpenOnboardings(tx, npn);
  const agent = () =>
    tx.selectFrom('agents').select('leftBecause').where('npn', '=', npn).forUpdate().executeTakeFirst();
  // the agent's row is created by the first review, which may be under way
  if (!(await agent())) await syncAgent(tx, { npn, at });
  const record = await readCurrentOnboarding(tx, npn, planYear);
  const row = await agent();
  return record && row ? { record, open, leftBecause: row.leftBecause } : undefined;
}

/** Reads the agent's onboarding of a plan year, or the one that the agent's own pages show. */
async function readCurrentOnboarding(
  tx: Tx,
  npn: string,
  planYear?: number,
): Promise<OnboardingRecord | undefined> {
  const year = planYear ?? (await currentPlanYear(tx, npn));
  return year === undefined ? undefined : readFacts(tx, { npn, planYear: year });
}

/** Finds the last action of the same kind; a hold or a release counts only if the other has not followed it. */
async function findPreviousAction(
  tx: Tx,
  { npn, action }: OpsActionRequest,
): Promise<StoredOpsAction | undefined> {
  const row = await tx
    .selectFrom('opsActions')
    .select(['id', 'action', 'because', 'planYear', 'reason', 'accountId', 'at'])
    .where('npn', '=', npn)
    .where('action', 'in', action === 'hold' || action === 'release' ? ['hold', 'release'] : [action])
    .orderBy('at', 'desc')
    .executeTakeFirst();
  return row?.action === action ? (row as StoredOpsAction) : undefined;
}

/** Returns whether ops report the death of an agent who had left: it replaces the earlier cause and cancels more notices. */
const isNewlyRecordedDeath = ({ action, because }: OpsActionRequest, { record, leftBecause }: LockedAgent) =>
  action === 'deactivate' && because === 'death' && record.facts.leftAt !== null && leftBecause !== 'death';

/** Returns whether the action was applied already and is still in effect. */
function isRepeat(
  request: OpsActionRequest,
  previous: StoredOpsAction,
  { facts }: OnboardingRecord,
): boolean {
  switch (request.action) {
    case 'hold':
      return facts.heldAt !== null;
    case 'release':
      return facts.heldAt === null && facts.leftAt === null;
    case 'deactivate':
      return facts.leftAt !== null && previous.because === request.because;
    case 'note':
      return (
        previous.accountId === request.accountId &&
        previous.reason === request.reason &&
        previous.planYear === (request.planYear ?? null) &&
        isRepeatedCommand(previous.at, request.at)
      );
  }
}

/** Applies the change, records its events and wakes the onboardings. Events carry the action's id, never its reason. */
async function applyChange(
  tx: Tx,
  { npn, action, planYear, because, accountId, at }: OpsActionRequest,
  actionId: string,
  open: number[],
) {
  if (action === 'deactivate') {
    await recordDeparture(tx, { npn, because: because ?? 'other', by: 'ops', at });
    await endSessionsOfAgent(tx, {
      npn,
      because: because === 'death' ? 'died' : 'deactivated',
      by: accountId,
      at,
    });
    return cancelPendingNotices(tx, { npn, at });
  }
  for (const year of planYear ? open.filter((each) => each === planYear) : open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear: year },
      kind: eventOf[action],
      at,
      by: 'ops',
      data: { actionId },
    });
  if (action === 'note') return;
  const heldAt = action === 'hold' ? at : null;
  await tx.updateTable('agents').set({ heldAt }).where('npn', '=', npn).execute();
  await wakeOnboardings(tx, npn);
}

/** Logs an agent out everywhere, and puts on record who caused it. */
async function endSessionsOfAgent(
  tx: Tx,
  { npn, because, by, at }: { npn: string; because: SessionEnd; by: string; at: Date },
): Promise<void> {
  const accountId = await accountIdOf(tx, npn);
  if (accountId === undefined) return;
  if ((await endSessions(tx, { accountId, exceptTokenSha256: undefined })) === 0) return;
  await recordSecurityEvent(tx, { kind: 'session-ended', detail: because, accountId, byAccountId: by, at });
}

function toActionResult({ id, action, at }: StoredOpsAction, record: OnboardingRecord): AppliedOpsAction {
  const { leftAt, heldAt } = record.facts;
  return { id, action, at, leftAt, heldAt, canDo: possibleOpsActions(opsActionFactsOf(record)) };
}
