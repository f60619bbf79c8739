import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** An offer that has not ended. */
export interface OpenOffer {
  id: string;
  npn: string;
}

/** How often the open offers are read, in milliseconds. */
const readEveryMs = 15;

interface Waiting {
  resolve: (offer: OpenOffer) => void;
  reject: (error: unknown) => void;
}

/** Creates a function that waits for the open offer of a referral. One query reads for all who wait, while somebody does. */
export function watchOffers(pool: Pool): (referralId: string) => Promise<OpenOffer> {
  const waiting = new Map<string, Waiting>();
  let isReading = false;

  async function read(): Promise<void> {
    while (waiting.size > 0) {
      const { rows } = await pool.query<OpenOffer & { referralId: string }>(
        'select id, npn, referral_id as "referralId" from offers where referral_id = any ($1) and ended_at is null',
        [[...waiting.keys()]],
      );
      for (const { referralId, ...offer } of rows) {
        waiting.get(referralId)?.resolve(offer);
        waiting.delete(referralId);
      }
      await sleep(readEveryMs);
    }
    isReading = false;
  }

  return (referralId) =>
    new Promise((resolve, reject) => {
      waiting.set(referralId, { resolve, reject });
      if (isReading) return;
      isReading = true;
      read().catch((error: unknown) => {
        for (const one of waiting.values()) one.reject(error);
      });
    });
}
