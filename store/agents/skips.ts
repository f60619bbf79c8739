import { sql } from 'kysely';
import type { OnboardingEvents } from '../../domain/events.ts';
import {
  type AnsweredRequest,
  areaOf,
  reasonsToSkip,
  type Skip,
  type SkipPeriod,
  suggestedSkips,
} from '../../domain/matching/skips.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';
import { lockOpenOnboardings } from './phones.ts';
import { wakeReferralsForAgent } from './serving.ts';

/** Most answers of an agent that are looked through for what they decline. */
const answersRead = 200;

/** What an agent skips, and what they could skip because they declined it again and again. */
export interface SkipsOfAgent {
  skips: SkipPeriod[];
  suggestions: Skip[];
}

/** Reads what an agent skips now, the earliest first. */
export async function readSkips(tx: Tx, npn: string): Promise<SkipPeriod[]> {
  return (await readPeriods(tx, npn)).filter(({ until }) => until === null);
}

/** Reads what an agent skips and could skip. Reads their last 200 answers, so it is no part of matching. */
export async function readSuggestedSkips(
  tx: Tx,
  { npn, policy }: { npn: string; policy: Pick<Policy, 'suggestFilterAfter'> },
): Promise<SkipsOfAgent> {
  const agent = await tx.selectFrom('agents').select('languages').where('npn', '=', npn).executeTakeFirst();
  const periods = await readPeriods(tx, npn);
  const suggestions = suggestedSkips(await readAnswers(tx, npn), {
    after: policy.suggestFilterAfter,
    languages: agent?.languages ?? [],
    periods,
  });
  return { skips: periods.filter(({ until }) => until === null), suggestions };
}

async function readPeriods(tx: Tx, npn: string): Promise<SkipPeriod[]> {
  const rows = await tx
    .selectFrom('agentSkips')
    .select(['kind', 'value', 'fromAt as from', 'untilAt as until'])
    .where('npn', '=', npn)
    .orderBy('fromAt')
    .execute();
  return rows as SkipPeriod[];
}

/** Reads the answers that say something about a language or an area, the latest first. */
async function readAnswers(tx: Tx, npn: string): Promise<AnsweredRequest[]> {
  const { rows } = await sql<{ language: string; zip: string; accepted: boolean; at: Date }>`
    select r.language, r.zip, o.accepted_at is not null as accepted, coalesce(o.accepted_at, o.ended_at) as at
    from offers o join referrals r on r.id = o.referral_id
    where o.npn = ${npn} and (o.accepted_at is not null
      or o.ended_as = 'declined' and o.reason = any(${reasonsToSkip}::text[]))
    order by o.offered_at desc limit ${answersRead}`.execute(tx);
  return rows.map(({ zip, ...answer }) => ({ ...answer, area: areaOf(zip) }));
}

/** A change of what an agent skips, by that agent. */
interface SkipChange {
  npn: string;
  skip: Skip;
  at: Date;
  policy: Pick<Policy, 'suggestFilterAfter'>;
}

/**
 * Begins a skip that is suggested to the agent: the period, the event, and the row that matching reads. Nothing else can be
 * skipped, so that nobody picks consumers by where they live. A skip that holds already is no change.
 * @returns false if it is neither suggested nor held
 */
export async function beginSkip(tx: Tx, { npn, skip, at, policy }: SkipChange): Promise<boolean> {
  const open = await lockOpenOnboardings(tx, npn);
  await lockAgent(tx, npn);
  const { skips, suggestions } = await readSuggestedSkips(tx, { npn, policy });
  if (skips.some(isSame(skip))) return true;
  if (!suggestions.some(isSame(skip))) return false;
  await tx
    .insertInto('agentSkips')
    .values({ npn, ...skip, fromAt: at })
    .execute();
  await applySkips(tx, npn);
  await recordSkip(tx, { npn, open, skip, at, isSkipped: true });
  return true;
}

/**
 * Ends a skip, so that the agent is asked again, or declines one that is suggested. Either way it is suggested again only
 * after as many further declines. Wakes a referral that waits for such an agent.
 */
export async function endSkip(tx: Tx, { npn, skip, at, policy }: SkipChange): Promise<void> {
  const open = await lockOpenOnboardings(tx, npn);
  await lockAgent(tx, npn);
  const { skips, suggestions } = await readSuggestedSkips(tx, { npn, policy });
  if (skips.some(isSame(skip)))
    await tx
      .updateTable('agentSkips')
      .set({ untilAt: at })
      .where('npn', '=', npn)
      .where('kind', '=', skip.kind)
      .where('value', '=', skip.value)
      .where('untilAt', 'is', null)
      .execute();
  else if (suggestions.some(isSame(skip)))
    await tx
      .insertInto('agentSkips')
      .values({ npn, ...skip, fromAt: at, untilAt: at })
      .execute();
  else return;
  await applySkips(tx, npn);
  await recordSkip(tx, { npn, open, skip, at, isSkipped: false });
  await wakeReferralsForAgent(tx, npn);
}

/**
 * Ends the skips of languages when the agent skips each one that they still speak: then no request would ever fit. The
 * caller has locked the open onboardings and changed the languages.
 */
export async function endSkipsOfEveryLanguage(
  tx: Tx,
  about: { npn: string; languages: readonly string[]; open: readonly number[]; at: Date },
): Promise<void> {
  const { npn, languages, open, at } = about;
  const skips = (await readSkips(tx, npn)).filter(({ kind }) => kind === 'language');
  if (!languages.every((language) => skips.some(({ value }) => value === language))) return;
  await tx
    .updateTable('agentSkips')
    .set({ untilAt: at })
    .where('npn', '=', npn)
    .where('kind', '=', 'language')
    .where('untilAt', 'is', null)
    .execute();
  await applySkips(tx, npn);
  for (const { kind, value } of skips)
    await recordSkip(tx, { npn, open, skip: { kind, value }, at, isSkipped: false });
}

const isSame =
  ({ kind, value }: Skip) =>
  (other: Skip) =>
    other.kind === kind && other.value === value;

async function lockAgent(tx: Tx, npn: string): Promise<void> {
  await tx.selectFrom('agents').select('npn').where('npn', '=', npn).forNoKeyUpdate().execute();
}

/** Writes the open skips into the row of the agent, from which a trigger refreshes the candidate index. */
async function applySkips(tx: Tx, npn: string): Promise<void> {
  const valuesOf = (kind: Skip['kind']) => sql`array(
    select value from agent_skips where npn = ${npn} and kind = ${kind} and until_at is null order by value)`;
  await sql`update agents set skipped_languages = ${valuesOf('language')}, skipped_areas = ${valuesOf('area')}
    where npn = ${npn}`.execute(tx);
}

async function recordSkip(
  tx: Tx,
  {
    npn,
    open,
    skip,
    at,
    isSkipped,
  }: Pick<SkipChange, 'npn' | 'skip' | 'at'> & { open: readonly number[]; isSkipped: boolean },
): Promise<void> {
  const data = { ...skip, isSkipped } satisfies OnboardingEvents['skip-changed'];
  for (const planYear of open) {
    const subject = { kind: 'onboarding' as const, npn, planYear };
    await recordEvent(tx, { subject, kind: 'skip-changed', at, by: 'agent', data });
  }
}
