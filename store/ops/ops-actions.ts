import { randomUUID } from 'node:crypto';
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
import { syncAgent } from '../agents/agents.ts';
import { cancelPendingNotices, recordDeparture } from '../agents/departures.ts';
import { lockOpenOnboardings } from '../agents/phones.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { type OnboardingRecord, readFacts } from '../onboarding/facts.ts';
import { type InvitationRequestResult, requestInvitation } from '../onboarding/invitation-requests.ts';
import { currentPlanYear, lockOnboarding } from '../onboarding/onboardings.ts';
import { wakeOnboardings } from '../outbox.ts';

/** What ops want done, who and why. The reason is kept in the act's row and nowhere else. */
export interface OpsActionRequest {
  npn: string;
  action: Exclude<OpsAction, 'invite'>;
  /** For a note about one plan year alone. */
  planYear?: number;
  /** Of a deactivation. */
  because?: DeactivationCause;
  reason: string;
  accountId: string;
  at: Date;
}

/** An act as it stands on record. */
export interface AppliedOpsAction {
  id: string;
  action: OpsAction;
  at: Date;
  leftAt: Date | null;
  heldAt: Date | null;
  canDo: OpsAction[];
}

/** Why nothing was done, and how the agent stands. */
export interface OpsActionRefusal {
  obstacle: OpsActionObstacle;
  record: OnboardingRecord;
}

interface LockedAgent {
  known: OnboardingRecord;
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
 * Does an act on an agent in the caller's transaction: the change, the act's row, an event for each open onboarding
 * and their wake. Done again in the same state it changes nothing and answers as the first time.
 * Undefined: there is no such agent, or no such plan year of his.
 */
export async function applyOpsAction(
  tx: Tx,
  wish: OpsActionRequest,
): Promise<AppliedOpsAction | OpsActionRefusal | undefined> {
  const held = await lockRows(tx, wish);
  if (!held) return undefined;
  const { known, open } = held;
  const before = await findPreviousAction(tx, wish);
  if (before && isRepeat(wish, before, known)) return toActionResult(before, known);
  const obstacle = obstacleToAction(wish.action, opsActionFactsOf(known));
  if (obstacle && !isNewlyRecordedDeath(wish, held)) return { obstacle, record: known };

  const kept = { id: randomUUID(), because: null, planYear: null, ...wish };
  await tx.insertInto('opsActions').values(kept).execute();
  await applyChange(tx, wish, kept.id, open);
  return toActionResult(kept, (await readCurrentOnboarding(tx, wish.npn, wish.planYear)) ?? known);
}

/**
 * Has an agent invited again, on record when it is new; what was asked for already is answered as noted. Undefined:
 * there is no such onboarding.
 */
export async function inviteAgain(
  tx: Tx,
  wish: OnboardingId & Pick<OpsActionRequest, 'reason' | 'accountId' | 'at'>,
): Promise<InvitationRequestResult | OpsActionRefusal | undefined> {
  const { npn, planYear, at, accountId, reason } = wish;
  if (!(await lockOnboarding(tx, wish))) return undefined;
  const known = await readFacts(tx, wish);
  const obstacle = known && obstacleToAction('invite', opsActionFactsOf(known));
  if (known && obstacle) return { obstacle, record: known };
  const found = await requestInvitation(tx, { npn, planYear, at, by: 'ops', evenIfLive: true });
  if (found?.found === 'noted')
    await tx
      .insertInto('opsActions')
      .values({ id: randomUUID(), accountId, action: 'invite', npn, planYear, reason, at })
      .execute();
  return found;
}

/**
 * Holds the rows of an agent till the transaction ends: his open onboardings, so that no story settles meanwhile and
 * their events keep their order, then his own. Answers with the onboarding that speaks for him and all open ones.
 */
async function lockRows(tx: Tx, { npn, planYear, at }: OpsActionRequest): Promise<LockedAgent | undefined> {
  const open = await lockOpenOnboardings(tx, npn);
  const agent = () =>
    tx.selectFrom('agents').select('leftBecause').where('npn', '=', npn).forUpdate().executeTakeFirst();
  // his own row comes with the first review, which may be under way
  if (!(await agent())) await syncAgent(tx, { npn, at });
  const known = await readCurrentOnboarding(tx, npn, planYear);
  const row = await agent();
  return known && row ? { known, open, leftBecause: row.leftBecause } : undefined;
}

/** The agent's onboarding of a plan year, else the one his own pages speak of. */
async function readCurrentOnboarding(
  tx: Tx,
  npn: string,
  planYear?: number,
): Promise<OnboardingRecord | undefined> {
  const year = planYear ?? (await currentPlanYear(tx, npn));
  return year === undefined ? undefined : readFacts(tx, { npn, planYear: year });
}

/** The act that a repeat would repeat: of holding and releasing the later one counts. */
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

/** Who had left may have died since: that is recorded over whatever was before, and silences what leaving does not. */
const isNewlyRecordedDeath = ({ action, because }: OpsActionRequest, { known, leftBecause }: LockedAgent) =>
  action === 'deactivate' && because === 'death' && known.facts.leftAt !== null && leftBecause !== 'death';

/** Whether an act was done already and still stands. */
function isRepeat(wish: OpsActionRequest, before: StoredOpsAction, { facts }: OnboardingRecord): boolean {
  switch (wish.action) {
    case 'hold':
      return facts.heldAt !== null;
    case 'release':
      return facts.heldAt === null && facts.leftAt === null;
    case 'deactivate':
      return facts.leftAt !== null && before.because === wish.because;
    case 'note':
      return (
        before.accountId === wish.accountId &&
        before.reason === wish.reason &&
        before.planYear === (wish.planYear ?? null) &&
        isRepeatedCommand(before.at, wish.at)
      );
  }
}

/** The change itself, what the stories keep of it, and their wake. Of an act they know the id, never the words. */
async function applyChange(
  tx: Tx,
  { npn, action, planYear, because, at }: OpsActionRequest,
  actId: string,
  open: number[],
) {
  if (action === 'deactivate') {
    await recordDeparture(tx, { npn, because: because ?? 'other', by: 'ops', at });
    return cancelPendingNotices(tx, { npn, at });
  }
  for (const year of planYear ? open.filter((one) => one === planYear) : open)
    await recordEvent(tx, {
      subject: { kind: 'onboarding', npn, planYear: year },
      kind: eventOf[action],
      at,
      by: 'ops',
      data: { actId },
    });
  if (action === 'note') return;
  const heldAt = action === 'hold' ? at : null;
  await tx.updateTable('agents').set({ heldAt }).where('npn', '=', npn).execute();
  await wakeOnboardings(tx, npn);
}

function toActionResult({ id, action, at }: StoredOpsAction, known: OnboardingRecord): AppliedOpsAction {
  const { leftAt, heldAt } = known.facts;
  return { id, action, at, leftAt, heldAt, canDo: possibleOpsActions(opsActionFactsOf(known)) };
}
