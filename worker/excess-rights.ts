import type { ConnectedUser } from '../store/database/rights.ts';

/** Warns of a database user who may do more than the application needs, as one does who also migrates. */
export function warnOfExcessRights(
  log: { warn: (values: object, message: string) => void },
  { excessRights }: ConnectedUser,
): void {
  if (excessRights.length > 0)
    log.warn({ rights: excessRights }, 'Database user may do more than the application needs');
}
