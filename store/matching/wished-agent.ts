import { sql } from 'kysely';
import {
  type AgentWish,
  endsOfHelp,
  inOrderOfSpeech,
  type WishObstacle,
  wishRungOf,
  wishRungs,
} from '../../domain/matching/agent-wish.ts';
import type { Exclusion, MatchLimits } from '../../domain/matching/matching.ts';
import { type ContactFacts, offerChannels } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { readWishedAgent } from '../encryption/wished-agents.ts';
import { contactColumns } from '../notifications/reachability.ts';
import type { ChosenAgent } from './candidates.ts';
import { currentLoad, firstExclusion, hardRules, type ReferralToMatch } from './match-rules.ts';

/** Reads which agent the consumer of a referral asks for; undefined: none. Costs a query where they named one, else none. */
export async function readAgentWish(
  tx: Tx,
  keyring: Pick<Keyring, 'masterKeys'>,
  { id, agentWish: by }: { id: string; agentWish: AgentWish['by'] | null },
): Promise<AgentWish | undefined> {
  if (by === null) return undefined;
  if (by === 'helped-before') return { by, agent: null };
  const agent = await readWishedAgent(tx, keyring, id);
  return agent === undefined ? undefined : { by, agent };
}

/** What became of a wish: the agent to ask first, with their row locked, or why not. */
interface WishResult {
  chosen?: ChosenAgent;
  /** Null without a wish, and where it is met. */
  unmet: WishObstacle | null;
  /** Agents whose rows were locked and who cannot be asked. */
  lockedInVain: readonly string[];
}

const unmet = (because: WishObstacle | null, lockedInVain: readonly string[] = []): WishResult => ({
  unmet: because,
  lockedInVain,
});

/**
 * Finds the agent whom the consumer asked for, and locks their row, if they may be asked now: every hard rule holds, and
 * neither distance nor the order of idle agents counts. Costs no query without a wish, one where the agent cannot be asked,
 * and two more where they can.
 */
export async function chooseWishedAgent(
  tx: Tx,
  referral: ReferralToMatch,
  { wish, ...about }: { wish: AgentWish | undefined; at: Date; limits: MatchLimits },
): Promise<WishResult> {
  if (!wish) return unmet(null);
  const [meant, another] = await readMeantAgents(tx, referral, wish, about);
  if (!meant) return unmet('nobody-meant');
  if (another) return unmet('several-meant');
  const { npn, excluded } = meant;
  if (excluded) return unmet(excluded);
  await sql`select from agents where npn = ${npn} for no key update`.execute(tx);
  // between reading and locking, another referral may have taken the last capacity
  const [locked = meant] = await readMeantAgents(tx, referral, { by: 'npn', agent: npn }, about);
  if (locked.excluded) return unmet(locked.excluded, [npn]);
  const chosen = { npn, rung: wishRungOf(wish), channels: offerChannels(locked) };
  return { chosen, unmet: null, lockedInVain: [] };
}

/** An agent whom a wish means, and the first rule that excludes them; null: they may be asked now. */
interface MeantAgent extends ContactFacts {
  npn: string;
  excluded: Exclusion | null;
}

/** Reads the agents that a wish means, each with the first rule that excludes them. Two are enough to know of several. */
async function readMeantAgents(
  tx: Tx,
  referral: ReferralToMatch,
  wish: AgentWish,
  { at, limits }: { at: Date; limits: MatchLimits },
): Promise<MeantAgent[]> {
  // what agents skip is what strangers ask for, not their own clients
  const {
    'skips-language': _language,
    'skips-area': _area,
    ...rules
  } = hardRules(referral, { at, limits, load: currentLoad });
  const { rows } = await sql<MeantAgent>`
    select a.npn, ${firstExclusion(rules)} as excluded, ${contactColumns}
    from agents a where ${isMeant(wish, referral)} limit 2`.execute(tx);
  return rows;
}

/**
 * SQL condition that a wish means agent `a`. A name means only agents who serve the consumer's state. The agent who helped
 * before is found only by a phone or an address that was confirmed then and now, so that a stranger who types it learns nothing.
 */
function isMeant(wish: AgentWish, { id, state }: ReferralToMatch) {
  if (wish.by === 'npn') return sql`a.npn = ${wish.agent}`;
  if (wish.by === 'name')
    return sql`agent_name_key(a.first_name || ' ' || a.last_name) = agent_name_key(${inOrderOfSpeech(wish.agent)})
      and exists (select from serving s where s.npn = a.npn and s.state = ${state})`;
  return sql`a.npn = (
    select o.npn from contact_keys mine
    join contact_keys theirs on theirs.key = mine.key and theirs.channel = mine.channel
      and theirs.referral_id <> mine.referral_id and theirs.confirmed_at is not null
    join offers o on o.referral_id = theirs.referral_id
    where mine.referral_id = ${id} and mine.confirmed_at is not null and o.contacted_at is not null
      and (o.ended_as is null or o.ended_as = any(${endsOfHelp}::text[]))
    order by o.contacted_at desc limit 1)`;
}

/** Returns whether an agent was asked because the consumer asked for them. */
export async function wasAskedByWish(
  tx: Tx,
  { referralId, npn }: { referralId: string; npn: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom('matchDecisions')
    .select('id')
    .where('referralId', '=', referralId)
    .where('npn', '=', npn)
    .where('rung', 'in', wishRungs)
    .executeTakeFirst();
  return row !== undefined;
}
