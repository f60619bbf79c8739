import { sql } from 'kysely';
import type { Tx } from '../database/connection.ts';

/** Why the key of a referral was destroyed. */
export const destructionCauses = ['rescinded', 'ended', 'unconfirmed'] as const;

/** The destruction of a key, as it stands on the list that is replayed over a restored backup. */
export interface DestroyedKey {
  referralId: string;
  /** The consent was rescinded; it was time, so long after the referral ended; or nobody confirmed the request. */
  because: (typeof destructionCauses)[number];
  at: Date;
}

/**
 * Destroys the key of a referral, and puts it on the list of destroyed keys: what it encrypts is erased, wherever it is
 * stored.
 * @returns whether there was a key
 */
export async function destroyReferralKey(
  tx: Tx,
  { referralId, because, at }: DestroyedKey,
): Promise<boolean> {
  const { rows } = await sql`
    with destroyed as (
      delete from referral_keys where referral_id = ${referralId} returning referral_id
    ), listed as (
      insert into destroyed_keys (referral_id, destroyed_at, because)
      select referral_id, ${at}::timestamptz, ${because} from destroyed on conflict (referral_id) do nothing
    )
    select from destroyed`.execute(tx);
  return rows.length > 0;
}

/** Reads a page of the list of destroyed keys, the oldest first. @param after the last one of the page before */
export async function readDestroyedKeys(
  tx: Tx,
  { after, limit }: { after: Pick<DestroyedKey, 'referralId' | 'at'> | undefined; limit: number },
): Promise<DestroyedKey[]> {
  let query = tx
    .selectFrom('destroyedKeys')
    .select(['referralId', 'because', 'destroyedAt as at'])
    .orderBy('destroyedAt')
    .orderBy('referralId')
    .limit(limit);
  if (after)
    query = query.where(
      sql<boolean>`(destroyed_at, referral_id) > (${after.at}::timestamptz, ${after.referralId}::uuid)`,
    );
  return (await query.execute()) as DestroyedKey[];
}

/** The log line of a destroyed key, which is a line of the list outside of the database too. */
export const keyDestroyedMessage = 'Referral key destroyed';

/** The values of a log line of a destroyed key. `parseDestroyedKey` reads them. */
export function destroyedKeyFields({ referralId, because, at }: DestroyedKey) {
  return { referralId, because, destroyedAt: at.toISOString() };
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads a line of an exported list, or of a log among others.
 * @returns undefined if the line is about something else
 * @throws if it is about a destroyed key and says not which, why or when
 */
export function parseDestroyedKey(line: string): DestroyedKey | undefined {
  if (!line.includes(keyDestroyedMessage)) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error('it is not JSON');
  }
  if (fields['msg'] !== keyDestroyedMessage) return undefined;
  const { referralId, because, destroyedAt } = fields;
  const at = new Date(String(destroyedAt));
  const cause = destructionCauses.find((one) => one === because);
  if (typeof referralId !== 'string' || !uuidPattern.test(referralId))
    throw new Error('referralId is no UUID');
  if (cause === undefined) throw new Error(`because is not one of ${destructionCauses.join(', ')}`);
  if (Number.isNaN(at.getTime())) throw new Error('destroyedAt is no instant');
  return { referralId, because: cause, at };
}
