import type { Request } from 'express';
import { type NewSecurityEvent, recordSecurityEvent } from '../../store/accounts/security-events.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { Deps } from '../deps.ts';
import { browserName } from '../http/browser-name.ts';
import { networkOf } from '../http/request-origin.ts';

/**
 * Records a security event with the network and the browser of its request, and logs it without them: they are about a
 * person, and stay in the database.
 * @param tx the transaction of what the event is about; left out where nothing else is written
 */
export type SecurityLog = (
  request: Request,
  event: Omit<NewSecurityEvent, 'at' | 'network' | 'browser'>,
  tx?: Tx,
) => Promise<void>;

/** Creates the log of security events. Its log line has `securityEvent`, `accountId`, `byAccountId` and `detail`. */
export function createSecurityLog({ db, now }: Pick<Deps, 'db' | 'now'>): SecurityLog {
  return async (request, { kind, accountId, byAccountId, detail }, tx = db) => {
    const origin = { network: networkOf(request), browser: browserName(request.get('User-Agent')) };
    const event = { kind, accountId, byAccountId, detail, at: now(), ...origin };
    if (!(await recordSecurityEvent(tx, event))) return;
    request.log.info({ securityEvent: kind, accountId, byAccountId, detail }, 'Security event');
  };
}
