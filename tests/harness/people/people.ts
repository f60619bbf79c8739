import { randomInt, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { OpsRole } from '../../../domain/accounts/roles.ts';
import { appCode } from '../../../store/accounts/totp.ts';
import type { Database } from '../../../store/database/connection.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import type { ApiAnswer, ApiHarness } from '../api-harness.ts';
import { addAuthenticatorApp } from './second-factor.ts';

export const testPassword = 'Harbor!Lantern7';
export const hour = 60 * 60_000;

/** A random NPN of nine digits. */
export function anyNpn(): string {
  return `${randomInt(100_000_000, 999_999_999)}`;
}

/** Adds an agent with an onboarding in a stage; not registered unless `registered`. */
export async function addAgent(
  db: Database,
  { npn = anyNpn(), stage = 'invited', registered = false, since = new Date(), causes = [] as string[] } = {},
): Promise<string> {
  const at = new Date();
  await db
    .insertInto('agents')
    .values({
      npn,
      firstName: 'Marisol',
      lastName: 'Okafor',
      email: `${npn}@example.com`,
      syncedAt: at,
      languages: ['en', 'fa'],
      statesWanted: ['UT'],
      ...(registered
        ? { registeredAt: at, phone: '+18015550123', contactPreference: 'email-text', zip: '84101' }
        : {}),
    })
    .execute();
  await db
    .insertInto('onboardings')
    .values({ npn, planYear: 2027, stage, since, causes, createdAt: at })
    .execute();
  return npn;
}

/** Adds an account of an agent, or one with a role of ops, without a second factor. */
export async function addAccount(
  db: Database,
  who: { npn: string } | { role: OpsRole },
): Promise<{ accountId: string; username: string }> {
  const accountId = randomUUID();
  const username = `user-${accountId}`;
  const own = 'npn' in who ? { role: 'agent', npn: who.npn } : { role: who.role, npn: null };
  const passwordHash = await hash(testPassword, { memoryCost: 1024, timeCost: 1 });
  await db
    .insertInto('accounts')
    .values({ id: accountId, username, passwordHash, createdAt: new Date(), ...own })
    .execute();
  return { accountId, username };
}

/** The cookie of the session that an answer opened. */
export function cookieOf({ headers }: ApiAnswer): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Creates an account for an agent or for ops, who have an authenticator app, and logs in. Returns the cookie. */
export async function logInAs(
  { db, call, linkSecret, deps }: ApiHarness,
  who: { npn: string } | { role: OpsRole },
): Promise<string> {
  const { accountId, username } = await addAccount(db, who);
  const secret = 'npn' in who ? undefined : await addAuthenticatorApp(db, { accountId, linkSecret });
  const code = secret && appCode(secret, deps.now());
  return cookieOf(await call('POST /v1/session', { body: { username, password: testPassword, code } }));
}

/** Logs an agent in who has an account already. Returns the cookie. */
export async function logInAgain({ db, call }: ApiHarness, npn: string): Promise<string> {
  const { username } = await db
    .selectFrom('accounts')
    .select('username')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const answer = await call('POST /v1/session', { body: { username, password: testPassword } });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Adds an invitation to an onboarding. Returns its id and the token that its mail would carry. */
export async function invite(
  { db, linkSecret }: ApiHarness,
  npn: string,
  {
    endedAs = null as string | null,
    expiresAt = new Date(Date.now() + 24 * hour),
    number = 1,
    planYear = 2027,
  } = {},
): Promise<{ id: string; token: string }> {
  const id = randomUUID();
  const token = linkToken(linkSecret, 'invitation', id);
  const issuedAt = new Date(expiresAt.getTime() - 48 * hour);
  await db
    .insertInto('invitations')
    .values({
      id,
      npn,
      planYear,
      number,
      tokenSha256: sha256(token),
      sentTo: `${npn}@example.com`,
      issuedAt,
      remindAt: issuedAt,
      expiresAt,
      policyVersion: 'test',
      endedAs,
      endedAt: endedAs ? expiresAt : null,
    })
    .execute();
  return { id, token };
}

/** Last digits of the latest consumer's phone. Each request of a file has its own. */
let lastConsumer = randomInt(10_000);

/** A request for help that is valid in every field, from a consumer without an open one. */
export async function validHelpRequest({ call }: ApiHarness): Promise<Record<string, unknown>> {
  lastConsumer = (lastConsumer + 1) % 10_000;
  const digits = String(lastConsumer).padStart(4, '0');
  const { json } = await call('GET /v1/consents/intake?language=en');
  return {
    name: 'Ana Reyes',
    phone: `(801) 555-${digits}`,
    email: `ana.reyes.${digits}@example.com`,
    zip: '84101',
    language: 'en',
    coverageYear: 2027,
    need: 'new-coverage',
    adult: true,
    consent: { version: json['version'] },
  };
}

/** Requests a referral through the API. */
export async function requestReferral(api: ApiHarness): Promise<{ id: string; token: string }> {
  const body = await validHelpRequest(api);
  const answer = await api.call('POST /v1/referrals', {
    body,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  const { id, token } = answer.json as unknown as { id: string; token: string };
  return { id, token };
}

/** Adds an offer of a referral to an agent: open, accepted or ended. */
export async function addOffer(
  db: Database,
  about: {
    referralId: string;
    npn: string;
    number?: number;
    offeredAt?: Date;
    acceptedAt?: Date;
    contactedAt?: Date;
    endedAs?: string;
    expiresAt?: Date;
  },
): Promise<string> {
  const id = randomUUID();
  const { endedAs, number = 1, offeredAt = new Date(about.acceptedAt ?? Date.now()), ...row } = about;
  await db
    .insertInto('offers')
    .values({
      id,
      number,
      shortCode: '4821',
      offeredAt,
      policyVersion: 'test',
      expiresAt: new Date(offeredAt.getTime() + hour / 4),
      ...row,
      ...(endedAs ? { endedAs, endedAt: new Date(), endedBy: 'clock' } : {}),
    })
    .execute();
  return id;
}
