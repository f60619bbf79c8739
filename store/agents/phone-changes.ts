import { offerChannels, openChannels } from '../../domain/notifications/contact.ts';
import type { Tx } from '../database/connection.ts';
import { createNotices } from '../notifications/notices.ts';
import { readContactFacts } from '../notifications/reachability.ts';
import type { NewNotice } from '../notifications/write-notices.ts';
import { enqueueNotices } from '../outbox.ts';

/**
 * Tells an agent that their phone is about to be changed, in that transaction: by mail, and by text on the former phone if
 * offers were texted there. Whoever changed it may be a stranger in the agent's session.
 */
export async function tellOfPhoneChange(
  tx: Tx,
  { npn, former, at }: { npn: string; former: string; at: Date },
): Promise<void> {
  const facts = await readContactFacts(tx, npn);
  if (!facts) return;
  const about = { kind: 'phone-changed', npn, at } as const;
  const key = `phone-changed ${npn} ${at.toISOString()}`;
  const notices: NewNotice[] = [];
  if (openChannels(facts).includes('email'))
    notices.push({ ...about, channels: ['email'], dedupeKey: `${key} email` });
  if (offerChannels(facts).includes('text'))
    notices.push({ ...about, channels: ['text'], toAddress: former, dedupeKey: `${key} former phone` });
  await enqueueNotices(tx, await createNotices(tx, notices));
}
