import { sql } from 'kysely';
import type { ContactWay } from '../../domain/referrals/contact-times.ts';
import type { AttemptWay, Outcome } from '../../domain/referrals/referral.ts';
import type { ReferralStage } from '../../domain/stages.ts';
import type { LanguageCode } from '../../domain/values/languages.ts';
import type { Tx } from '../database/connection.ts';
import { readEventsAfter } from '../events.ts';
import { licenseNumberSql } from '../feeds/lines-of-authority.ts';

/** A referral as its consumer sees it. */
export interface ConsumerReferral {
  stage: ReferralStage;
  since: Date;
  causes: string[];
  /** While the service is closed, its opening; the request may have to wait longer. */
  waitingUntil: Date | null;
  createdAt: Date;
  /** When the search for an agent ends. */
  budgetEndsAt: Date;
  /** State of the place. */
  state: string;
  /** Agents who were asked, whatever they answered; null before the first. Who they are is nobody's to know. */
  asked: { count: number; latestAt: Date } | null;
  closedAt: Date | null;
  outcome: Outcome | null;
  /** BCP 47 code of the language that the consumer asked in. */
  language: LanguageCode;
  /** How the consumer wants to be reached. */
  contactBy: ContactWay;
  /** The agent who accepted it and has it, or had it when it closed. */
  agent: AgentOfReferral | undefined;
  anotherAskedAt: Date | null;
}

export interface AgentOfReferral {
  npn: string;
  firstName: string;
  lastName: string;
  /** License in the consumer's state; null if none is on record any more. */
  license: { state: string; number: string } | null;
  acceptedAt: Date;
  /** When there was contact, as reported; null before. */
  contactedAt: Date | null;
  /** Deadline for the agent to call; null once there was contact. */
  callsBy: Date | null;
  /** How often the agent tried to reach the consumer in vain. */
  tries: number;
  /** When the agent tried to reach the consumer, and by when they try again; null without a try or after contact. */
  triedAt: Date | null;
  nextTryAt: Date | null;
  /** How the agent says they tried; null if they do not say. */
  triedHow: AttemptWay | null;
  /** Whether the agent called, as the consumer reported. */
  called: boolean | null;
}

/** Reads the hash of a referral's own token. */
export async function referralTokenHash(tx: Tx, id: string): Promise<string | undefined> {
  const row = await tx.selectFrom('referrals').select('tokenSha256').where('id', '=', id).executeTakeFirst();
  return row?.tokenSha256;
}

/** Reads a referral for its consumer. */
export async function readConsumerReferral(tx: Tx, id: string): Promise<ConsumerReferral | undefined> {
  const row = await tx
    .selectFrom('referrals')
    .select(['stage', 'since', 'causes', 'closedAt', 'outcome', 'anotherAskedAt', 'state'])
    .select(['language', 'contactBy', 'createdAt', 'budgetEndsAt'])
    .select(
      sql<Date | null>`case when 'outside-hours' = any(causes) then opens_at else waiting_until end`.as(
        'waitingUntil',
      ),
    )
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom('offers')
          .select(({ fn }) => [
            fn.countAll<string>().as('askedCount'),
            fn.max('offeredAt').as('latestAskedAt'),
          ])
          .whereRef('offers.referralId', '=', 'referrals.id')
          .as('offered'),
      (join) => join.onTrue(),
    )
    .select(['askedCount', 'latestAskedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { state, stage, language, contactBy, outcome, askedCount, latestAskedAt, ...rest } = row;
  const found = await tx
    .selectFrom('offers')
    .innerJoin('agents', 'agents.npn', 'offers.npn')
    .select(['agents.npn', 'firstName', 'lastName', 'called', 'contactedAt', 'attempts as tries'])
    .select(sql<Date>`accepted_at`.as('acceptedAt'))
    .select(sql<Date | null>`case when contacted_at is null then contact_due_at end`.as('callsBy'))
    .select(sql<Date | null>`case when contacted_at is null then attempted_at end`.as('triedAt'))
    .select(sql<Date | null>`case when contacted_at is null then next_try_at end`.as('nextTryAt'))
    .select(sql<AttemptWay | null>`case when contacted_at is null then attempted_how end`.as('triedHow'))
    .select(licenseNumberSql(sql`agents.npn`, sql`${state}`).as('licenseNumber'))
    .where('referralId', '=', id)
    .where('acceptedAt', 'is not', null)
    .where((offer) => offer.or([offer('endedAt', 'is', null), offer('endedAs', '=', 'closed')]))
    .executeTakeFirst();
  const agent = found && agentOf(found, state);
  return {
    ...rest,
    stage: stage as ReferralStage,
    language: language as LanguageCode,
    contactBy: contactBy as ContactWay,
    state,
    outcome: outcome as Outcome | null,
    asked: latestAskedAt ? { count: Number(askedCount), latestAt: latestAskedAt } : null,
    agent,
  };
}

function agentOf(
  { licenseNumber, ...agent }: Omit<AgentOfReferral, 'license'> & { licenseNumber: string | null },
  state: string,
): AgentOfReferral {
  return { ...agent, license: licenseNumber === null ? null : { state, number: licenseNumber } };
}

/** A stage that was entered, as sent to live pages. */
export interface StageEntered {
  sequence: number;
  stage: ReferralStage;
  since: Date;
}

/**
 * Reads the stages that a referral entered after a sequence number, oldest first; without one, the current stage alone. A stage
 * that was entered again for another agent is repeated, with the `since` of the first time.
 */
export async function stagesAfter(tx: Tx, id: string, after: number | undefined): Promise<StageEntered[]> {
  const events = await readEventsAfter(tx, { kind: 'referral', referralId: id }, 0);
  const stages: StageEntered[] = [];
  for (const { sequence, kind, at, data } of events) {
    const before = stages.at(-1);
    const stage =
      // a request is queued from the start, or waits for its code
      kind === 'requested'
        ? data.unconfirmed
          ? 'unconfirmed'
          : 'queued'
        : kind === 'stage-entered'
          ? data.stage
          : undefined;
    if (!stage) continue;
    stages.push({
      sequence,
      stage: stage as ReferralStage,
      since: before?.stage === stage ? before.since : at,
    });
  }
  return after === undefined ? stages.slice(-1) : stages.filter(({ sequence }) => sequence > after);
}
