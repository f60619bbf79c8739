import type { Tx } from '../database/connection.ts';

/** Reads what is kept about an agent beside their profile, as rows; undefined if there is no such agent. */
export async function readAgentData(tx: Tx, npn: string) {
  const agent = await tx
    .selectFrom('agents')
    .select(['npn', 'firstName', 'lastName', 'email', 'phone', 'phoneLineType', 'contactPreference', 'zip'])
    .select(['timeZone', 'languages', 'statesWanted', 'registeredAt', 'leftAt'])
    .where('npn', '=', npn)
    .executeTakeFirst();
  if (!agent) return undefined;
  return {
    agent,
    account: await tx
      .selectFrom('accounts')
      .select(['username', 'createdAt'])
      .where('npn', '=', npn)
      .executeTakeFirst(),
    onboardings: await tx
      .selectFrom('onboardings')
      .select(['planYear', 'stage', 'since', 'causes', 'createdAt', 'closedAt'])
      .where('npn', '=', npn)
      .orderBy('planYear')
      .execute(),
    invitations: await tx
      .selectFrom('invitations')
      .select(['planYear', 'number', 'sentTo', 'issuedAt', 'endedAt', 'endedAs'])
      .where('npn', '=', npn)
      .orderBy('issuedAt')
      .execute(),
    terms: await tx
      .selectFrom('termsAcceptances')
      .select(['kind', 'version', 'acceptedAt', 'ipAddress', 'userAgent'])
      .where('npn', '=', npn)
      .orderBy('acceptedAt')
      .execute(),
    absences: await tx
      .selectFrom('absences')
      .select(['fromDate', 'untilDate', 'createdAt', 'removedAt'])
      .where('npn', '=', npn)
      .orderBy('fromDate')
      .execute(),
    hours: await tx
      .selectFrom('availabilityHours')
      .select(['weekday', 'fromTime', 'untilTime'])
      .where('npn', '=', npn)
      .orderBy('weekday')
      .orderBy('fromTime')
      .execute(),
    pushSubscriptions: await tx
      .selectFrom('pushSubscriptions')
      .select(['createdAt', 'goneAt'])
      .where('npn', '=', npn)
      .orderBy('createdAt')
      .execute(),
    offers: await tx
      .selectFrom('offers')
      .select(['id', 'offeredAt', 'acceptedAt', 'contactedAt', 'endedAt', 'endedAs', 'reason'])
      .where('npn', '=', npn)
      .orderBy('offeredAt')
      .execute(),
  };
}
