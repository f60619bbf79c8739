import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { usernameKey } from '../../domain/accounts/username.ts';
import type { LineType } from '../../domain/notifications/contact.ts';
import type { InvitationEnd } from '../../domain/onboarding/invitation.ts';
import { lastSyncedAt } from '../agents/agents.ts';
import type { Tx } from '../database/connection.ts';

/** The invitation behind a link, with the agent it is for. */
export interface InvitationOfLink {
  id: string;
  npn: string;
  planYear: number;
  expiresAt: Date;
  endedAt: Date | null;
  endedAs: InvitationEnd | null;
  registrationRequestId: string | null;
  firstName: string;
  lastName: string;
  email: string;
  /** When name and address were last known to equal those in the MLMS. */
  syncedAt: Date;
}

/** Finds an invitation by the hash of its link's token. */
export async function findInvitationByToken(
  tx: Tx,
  tokenSha256: string,
): Promise<InvitationOfLink | undefined> {
  return tx
    .selectFrom('invitations')
    .innerJoin('agents', 'agents.npn', 'invitations.npn')
    .select(['invitations.id', 'invitations.npn', 'planYear', 'expiresAt', 'endedAt', 'endedAs'])
    .select(['registrationRequestId', 'firstName', 'lastName', 'email', lastSyncedAt.as('syncedAt')])
    .$narrowType<{ endedAs: InvitationEnd | null }>()
    .where('tokenSha256', '=', tokenSha256)
    .executeTakeFirst();
}

/** A registration as typed by an agent, with the password as a hash. */
export interface TypedRegistration {
  invitationId: string;
  username: string;
  passwordHash: string;
  phone: string;
  contactPreference: string;
  zip: string;
  termsVersion: string;
}

/** Most requests whose passwords are compared, because each comparison is expensive. */
const maxCompared = 5;

/** Reads an invitation's pending requests that are equal except for the password, newest first. */
export async function pendingRequests(
  tx: Tx,
  typed: Omit<TypedRegistration, 'passwordHash'>,
): Promise<{ id: string; passwordHash: string }[]> {
  return tx
    .selectFrom('registrationRequests')
    .select(['id', 'passwordHash'])
    .where('invitationId', '=', typed.invitationId)
    .where('username', '=', typed.username)
    .where('phone', '=', typed.phone)
    .where('contactPreference', '=', typed.contactPreference)
    .where('zip', '=', typed.zip)
    .where('termsVersion', '=', typed.termsVersion)
    .orderBy('createdAt', 'desc')
    .limit(maxCompared)
    .execute();
}

/**
 * Saves a request until the onboarding has completed or refused the registration; the workflow knows its id alone. Also
 * deletes abandoned requests whose invitation has ended, or expired a day ago: a request that was sent in time may
 * reach the workflow after the expiration.
 */
export async function saveRegistrationRequest(
  tx: Tx,
  {
    at,
    ...typed
  }: TypedRegistration & {
    phoneLineType: LineType | null;
    ipAddress: string;
    userAgent: string;
    at: Date;
  },
): Promise<string> {
  const id = randomUUID();
  await sql`
    delete from registration_requests r using invitations i
    where i.id = r.invitation_id
      and (i.ended_at is not null or i.expires_at <= ${at}::timestamptz - interval '1 day')`.execute(tx);
  await tx
    .insertInto('registrationRequests')
    .values({ id, ...typed, createdAt: at })
    .execute();
  return id;
}

/** Deletes the requests of an invitation that has ended. */
export async function deleteRequestsOfInvitation(tx: Tx, invitationId: string): Promise<void> {
  await tx.deleteFrom('registrationRequests').where('invitationId', '=', invitationId).execute();
}

/** Deletes a refused request, so that the same entries can be tried again. */
export async function deleteRegistrationRequest(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('registrationRequests').where('id', '=', id).execute();
}

/** A completed registration, from the account and the profile it created. */
export interface RegisteredAccount {
  username: string;
  passwordHash: string;
  phone: string | null;
  contactPreference: string | null;
  zip: string | null;
  termsVersion: string | null;
}

/** Reads an agent's account and the entries of the registration. */
export async function readRegisteredAccount(tx: Tx, npn: string): Promise<RegisteredAccount | undefined> {
  return tx
    .selectFrom('accounts')
    .innerJoin('agents', 'agents.npn', 'accounts.npn')
    .select(['username', 'passwordHash', 'phone', 'contactPreference', 'zip'])
    .select((row) =>
      row
        .selectFrom('termsAcceptances')
        .select('version')
        .whereRef('termsAcceptances.npn', '=', 'accounts.npn')
        .where('kind', '=', 'terms-of-use')
        .orderBy('acceptedAt')
        .limit(1)
        .as('termsVersion'),
    )
    .where('accounts.npn', '=', npn)
    .executeTakeFirst();
}

/** Checks whether somebody other than this agent has the username, whatever its case. */
export async function isUsernameTaken(
  tx: Tx,
  { username, npn }: { username: string; npn: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select('id')
    .where(sql`lower(username)`, '=', usernameKey(username))
    .where((account) => account.or([account('npn', 'is', null), account('npn', '!=', npn)]))
    .executeTakeFirst();
  return row !== undefined;
}
