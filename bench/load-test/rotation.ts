import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { programArguments } from '../../standalone/services/programs.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import type { Figure, Say } from '../figures.ts';
import type { RunningService } from '../on-parts.ts';

/** Two master keys: the service encrypts with the first, and reads what the rotation has encrypted with the second. */
interface RotatedKeys {
  /** `MASTER_KEY` of the service. */
  ofService: string;
  /** `MASTER_KEY` of the rotation. */
  ofRotation: string;
  /** Fingerprint of the second. */
  newId: string;
}

export function createRotatedKeys(): RotatedKeys {
  const [former, next] = [randomBytes(32), randomBytes(32)];
  const setting = (...keys: Buffer[]) => keys.map((key) => key.toString('base64')).join(',');
  return {
    ofService: setting(former, next),
    ofRotation: setting(next, former),
    newId: toMasterKeys([next])[0].id,
  };
}

/**
 * Rotates the master key while so many referrals run. The rotation is killed in its middle, which it has because half of the
 * keys are locked until then, and runs again.
 */
export async function rotateWhileRunning(
  { pool, env }: Pick<RunningService, 'pool' | 'env'>,
  { referrals, keys, say, signal }: { referrals: number; keys: RotatedKeys; say: Say; signal: AbortSignal },
): Promise<Figure[]> {
  const readState = async () => {
    const { rows } = await pool.query<{ asked: number; open: number; left: number }>(
      `select (select count(*)::integer from referrals) as asked,
              (select count(*)::integer from referrals where closed_at is null) as open,
              (select count(*)::integer from referral_keys where master_key_id <> $1) as left`,
      [keys.newId],
    );
    return rows[0] ?? { asked: 0, open: 0, left: 0 };
  };
  const rotate = () => {
    const child = spawn(process.execPath, programArguments('worker/cli/rotate-master-key.js'), {
      env: { ...env, MASTER_KEY: keys.ofRotation },
      stdio: 'ignore',
      signal,
    });
    // the signal ends it with an error, which is the measurement's own end
    child.once('error', () => undefined);
    return child;
  };
  while ((await readState()).asked < referrals) await sleep(100, undefined, { signal });
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    const { rowCount } = await holder.query(
      'select from referral_keys order by referral_id limit $1 for no key update',
      [referrals / 2],
    );
    const killed = rotate();
    while ((await readState()).left > (rowCount ?? 0)) await sleep(50, undefined, { signal });
    killed.kill('SIGKILL');
    await once(killed, 'exit');
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  const before = await readState();
  const [code] = (await once(rotate(), 'exit')) as [number | null];
  const after = await readState();
  say(
    `the master key was rotated while ${before.open} referrals ran: ${referrals - before.left} keys until the rotation was killed, ` +
      `the others by the next, which ended with ${code}; ${after.open} ran still`,
  );
  return [
    {
      name: 'keys left under the former master key',
      baseline: 'after a rotation that was killed',
      value: after.left,
      max: 0,
      unit: 'keys',
    },
  ];
}
