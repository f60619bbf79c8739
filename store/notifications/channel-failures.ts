import type { AgentChannel } from '../../domain/notifications/contact.ts';
import { channelToTellOver } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { createNotice } from './notices.ts';
import { readContactFacts } from './reachability.ts';

/**
 * Tells an agent that a channel of theirs works no more, over another one. Every transaction that records such a fact calls
 * it, and only when the fact is new, so an agent is told once until the channel has worked again. Agents who do not take
 * part any more are not told.
 * @param failure the channel, and the instant from which on it does not work
 */
export async function tellOfFailedChannel(
  tx: Tx,
  { npn, channel, at }: { npn: string; channel: AgentChannel; at: Date },
): Promise<void> {
  const contact = await readContactFacts(tx, npn);
  const over = contact && channelToTellOver(channel, contact);
  if (!over || !(await takesPart(tx, npn))) return;
  const dedupeKey = `channel-failed ${channel} ${npn} ${at.toISOString()}`;
  const about = { npn, at, dedupeKey, channels: [over], data: { failedChannel: channel } };
  const notice = await createNotice(tx, { kind: 'channel-failed', ...about });
  await enqueue(tx, { type: 'send-notice', payload: notice });
}

async function takesPart(tx: Tx, npn: string): Promise<boolean> {
  const open = tx
    .selectFrom('onboardings')
    .select('npn')
    .where('npn', '=', npn)
    .where('closedAt', 'is', null);
  return (await open.limit(1).executeTakeFirst()) !== undefined;
}
