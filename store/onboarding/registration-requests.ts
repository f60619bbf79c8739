import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { usernameKey } from '../../domain/accounts/username.ts';
import type { LineType } from '../../domain/notifications/contact.ts';
import { lastSyncedAt } from '../agents/agents.ts';
import type { Tx } from '../database/connection.ts';

/** What a link leads to: the invitation and whom it is for. */
export interface InvitationOfLink {
  id: string;
  npn: string;
  planYear: number;
  expiresAt: Date;
  endedAt: Date | null;
  endedAs: 'registered' | 'expired' | 'replaced' | 'undeliverable' | 'unsent' | null;
  registrationRequestId: string | null;
  firstName: string;
  lastName: string;
  email: string;
  /** When name and address were last in step with the MLMS. */
  syncedAt: Date;
}

/** The invitation whose link holds the token of this hash. */
export async function findInvitationByToken(
  tx: Tx,
  tokenSha256: string,
): Promise<InvitationOfLink | undefined> {
  const row = await tx
    .selectFrom('invitations')
    .innerJoin('agents', 'agents.npn', 'invitations.npn')
    .select(['invitations.id', 'invitations.npn', 'planYear', 'expiresAt', 'endedAt', 'endedAs'])
    .select(['registrationRequestId', 'firstName', 'lastName', 'email', lastSyncedAt.as('syncedAt')])
    .where('tokenSha256', '=', tokenSha256)
    .executeTakeFirst();
  return row as InvitationOfLink | undefined;
}

/** What an agent typed; the password only as a hash. */
export interface TypedRegistration {
  invitationId: string;
  username: string;
  passwordHash: string;
  phone: string;
  contactPreference: string;
  zip: string;
  termsVersion: string;
}

/** As many as are compared by their passwords, each of which is work. */
const maxCompared = 5;

/** The latest requests of an invitation that wait for their answer and say the same but for the password, newest first. */
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
 * Keeps a request until the onboarding has taken it in or refused it; its id is all that the workflow knows. Those
 * whose link has ended, and which nobody came back for, are removed on the way; one that was sent in time may still be on
 * its way to the story after the link's last moment.
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

/** Removes what was typed behind a link that has ended. */
export async function deleteRequestsOfInvitation(tx: Tx, invitationId: string): Promise<void> {
  await tx.deleteFrom('registrationRequests').where('invitationId', '=', invitationId).execute();
}

/** Removes a request that was refused, so that the same words can be tried anew. */
export async function deleteRegistrationRequest(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('registrationRequests').where('id', '=', id).execute();
}

/** What became of a registration: the account and the profile that hold what was typed. */
export interface RegisteredAccount {
  username: string;
  passwordHash: string;
  phone: string | null;
  contactPreference: string | null;
  zip: string | null;
  termsVersion: string | null;
}

/** The account of an agent and what was registered with it. */
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

/** Whether the account of anybody but this agent has the username, whose case does not count. */
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
