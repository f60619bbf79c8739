import { randomUUID } from 'node:crypto';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import { savePasswordReset } from '../accounts/password-resets.ts';
import { notifyAddressChange, syncAgent } from '../agents/agents.ts';
import type { Tx } from '../database/connection.ts';
import { createNotice } from '../notifications/notices.ts';
import { enqueueNotices } from '../outbox.ts';
import { linkToken, sha256 } from '../tokens.ts';
import { currentPlanYear, isOnboardingOpen, lockOnboarding } from './onboardings.ts';

/**
 * Mails an agent a link to a new password, to the address in the MLMS alone, in the caller's transaction. The agent's
 * earlier link no longer works. Without an address that takes mail nothing is sent, and an earlier link stays.
 */
export async function sendPasswordReset(
  tx: Tx,
  request: { accountId: string; npn: string; at: Date; ttlMs: number; linkSecret: string },
): Promise<void> {
  const { accountId, npn, at, ttlMs, linkSecret } = request;
  const addressNotices = await syncClosedAgent(tx, { npn, at });
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + ttlMs);
  const notice = await createNotice(tx, {
    kind: 'password-reset',
    npn,
    at,
    untilAt: expiresAt,
    dedupeKey: `password-reset ${id}`,
    data: { passwordResetId: id },
  });
  if (notice.channels.length > 0) {
    const tokenSha256 = sha256(linkToken(linkSecret, 'password-reset', id));
    await savePasswordReset(tx, { accountId, id, tokenSha256, createdAt: at, expiresAt });
  }
  await enqueueNotices(tx, [...addressNotices, notice]);
}

/** Takes over the address in the MLMS where no review does it: the onboarding of an agent who has left or lapsed is closed. */
async function syncClosedAgent(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<NoticeToSend[]> {
  const planYear = await currentPlanYear(tx, npn);
  if (planYear === undefined) return [];
  const key = { npn, planYear };
  await lockOnboarding(tx, key);
  if (await isOnboardingOpen(tx, key)) return [];
  const replaced = await syncAgent(tx, { npn, at });
  return replaced ? notifyAddressChange(tx, { ...key, replaced, at }) : [];
}
