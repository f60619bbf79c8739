import type { Request } from 'express';
import { type NewSecurityEvent, recordSecurityEvent } from '../../store/accounts/security-events.ts';
import type { Tx } from '../../store/database/connection.ts';
import type { Deps } from '../deps.ts';
import { browserName } from '../http/requests/browser-name.ts';
import { networkOf } from '../http/requests/request-origin.ts';

/** A security event, without what its request says of it. */
type RequestEvent = Omit<NewSecurityEvent, 'at' | 'network' | 'browser'>;

/** Records a security event in the transaction of what it is about. */
export type EventRecorder = (event: RequestEvent) => Promise<void>;

/**
 * Records a security event with the network and the browser of its request, and logs it without them: they are about a
 * person, and stay in the database.
 */
export interface SecurityLog {
  (request: Request, event: RequestEvent): Promise<void>;
  /** Runs a transaction, and logs the events that it records once they are committed: one that is rolled back was none. */
  inTransaction<Result>(
    request: Request,
    work: (tx: Tx, record: EventRecorder) => Promise<Result>,
  ): Promise<Result>;
}

/** Creates the log of security events. Its log line has `securityEvent`, `accountId`, `byAccountId` and `detail`. */
export function createSecurityLog({ db, now }: Pick<Deps, 'db' | 'now'>): SecurityLog {
  return Object.assign(
    async (request: Request, event: RequestEvent) => {
      if (await record(request, event, db)) log(request, event);
    },
    {
      async inTransaction<Result>(
        request: Request,
        work: (tx: Tx, record: EventRecorder) => Promise<Result>,
      ): Promise<Result> {
        const recorded: RequestEvent[] = [];
        const result = await db.transaction().execute((tx) =>
          work(tx, async (event) => {
            if (await record(request, event, tx)) recorded.push(event);
          }),
        );
        for (const event of recorded) log(request, event);
        return result;
      },
    },
  );

  function record(request: Request, event: RequestEvent, tx: Tx): Promise<boolean> {
    const origin = { network: networkOf(request), browser: browserName(request.get('User-Agent')) };
    return recordSecurityEvent(tx, { ...event, at: now(), ...origin });
  }
}

function log(request: Request, { kind, accountId, byAccountId, detail }: RequestEvent): void {
  request.log.info({ securityEvent: kind, accountId, byAccountId, detail }, 'Security event');
}
