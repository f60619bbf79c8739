import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Role } from '../../domain/accounts/roles.ts';
import { agentChannels } from '../../domain/notifications/contact.ts';
import { recordFeedKeyUse } from '../../store/accounts/feed-keys.ts';
import { isAgentTerminated } from '../../store/accounts/sessions.ts';
import { readRest } from '../../store/agents/rests.ts';
import { agentOfTestOffer } from '../../store/agents/test-offers.ts';
import { readOffer } from '../../store/referrals/offers/offers.ts';
import { referralTokenHash } from '../../store/referrals/referral-views.ts';
import { isTimingSafeEqual, type LinkKind, linkToken, sha256 } from '../../store/tokens.ts';
import {
  type Access,
  type AccountKind,
  access,
  type CallerByKind,
  type CallerKind,
  openBeforeReady,
  openToTerminated,
  type RouteKey,
  rolesOf,
  type SessionAccount,
} from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';
import { createSessionCookie } from '../http/requests/cookies.ts';
import { createSecurityLog } from './security-log.ts';
import { createSessionReader } from './session-reader.ts';
import { createWebhookAuth } from './webhook-auth.ts';

/** Identifies the caller of a route. @throws a problem with status 401, 403, 404 or 409 */
export type Guard = <Key extends RouteKey>(key: Key, request: Request) => Promise<CallerByKind[Access[Key]]>;

const writeMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Creates the guard, which alone enforces the access table and refuses writes from the pages of other sites. */
export function createGuard(deps: Deps): Guard {
  const { db, settings, now } = deps;
  const cookie = createSessionCookie(settings.publicUrl);
  const feedsKeySha256 = sha256(settings.feedsKey);
  const recordSecurity = createSecurityLog(deps);

  const findSession = createSessionReader(deps);
  const readSession = async (request: Request): Promise<SessionAccount> => {
    const account = (await findSession(request)) ?? fail('not-authenticated');
    const { routeKey } = request;
    if (account.isTerminated && !(routeKey && openToTerminated.has(routeKey)))
      await refuseAccess(request, account, 'terminated');
    if (routeKey && openBeforeReady.has(routeKey)) return account;
    if (account.mustReplacePassword) fail('generated-password');
    if (account.mustAddSecondFactor) fail('second-factor-missing');
    return account;
  };
  const readAccount = async (request: Request, kind: AccountKind): Promise<SessionAccount> => {
    const account = await readSession(request);
    const admitted: readonly Role[] = rolesOf[kind];
    return admitted.includes(account.role) ? account : refuseAccess(request, account);
  };
  const refuseAccess = async (
    request: Request,
    { accountId }: SessionAccount,
    as: 'forbidden' | 'terminated' = 'forbidden',
  ): Promise<never> => {
    await recordSecurity(request, { kind: 'access-refused', accountId, detail: request.routeKey });
    return fail(as);
  };
  const refuseKey = async (request: Request): Promise<never> => {
    await recordSecurity(request, { kind: 'key-used-wrongly', detail: request.routeKey });
    return fail('forbidden');
  };
  /** Reads the id in the address, which the token of its link must belong to. */
  const readLinkedId = (request: Request, kind: LinkKind): string => {
    const token = readBearerToken(request);
    const id = z.uuid().safeParse(request.params['id']).data ?? fail('not-found');
    return isTimingSafeEqual(token, linkToken(settings.linkSecret, kind, id)) ? id : fail('not-found');
  };
  /** Refuses the links that an agent holds from before a termination for cause. */
  const refuseTerminated = async (npn: string): Promise<void> => {
    if (await isAgentTerminated(db, { npn, at: now() })) fail('terminated');
  };
  const identify: { [Kind in CallerKind]: (request: Request) => Promise<CallerByKind[Kind]> } = {
    anyone: async () => undefined,
    visitor: findSession,
    account: (request) => readAccount(request, 'account'),
    agent: async (request) => {
      const { npn, ...account } = await readAccount(request, 'agent');
      return { ...account, npn: npn ?? fail('forbidden') };
    },
    ops: (request) => readAccount(request, 'ops'),
    'ops-admin': (request) => readAccount(request, 'ops-admin'),
    'ops-or-auditor': (request) => readAccount(request, 'ops-or-auditor'),
    referral: async (request) => {
      const tokenSha256 = sha256(readBearerToken(request));
      const referralId = z.uuid().safeParse(request.params['id']).data ?? fail('not-found');
      const storedSha256 = await referralTokenHash(db, referralId);
      return storedSha256 && isSameDigest(tokenSha256, storedSha256) ? { referralId } : fail('not-found');
    },
    offer: async (request) => {
      const offerId = readLinkedId(request, 'offer');
      const offer = (await readOffer(db, offerId)) ?? fail('not-found');
      await refuseTerminated(offer.npn);
      return { offer };
    },
    rest: async (request) => {
      const rest = (await readRest(db, readLinkedId(request, 'rest'))) ?? fail('not-found');
      await refuseTerminated(rest.npn);
      return { rest };
    },
    'test-offer': async (request) => {
      const token = readBearerToken(request);
      const testOfferId = z.uuid().safeParse(request.params['id']).data ?? fail('not-found');
      const channel = agentChannels.find((one) =>
        isTimingSafeEqual(token, linkToken(settings.linkSecret, 'test-offer', `${testOfferId}:${one}`)),
      );
      if (!channel) return fail('not-found');
      await refuseTerminated((await agentOfTestOffer(db, testOfferId)) ?? fail('not-found'));
      return { testOfferId, channel };
    },
    feeds: async (request) => {
      const secretSha256 = sha256(readBearerToken(request));
      if (isSameDigest(secretSha256, feedsKeySha256)) return undefined;
      const feeds: readonly unknown[] = (await recordFeedKeyUse(db, { secretSha256, at: now() })) ?? [];
      return feeds.includes(request.params['kind']) ? undefined : refuseKey(request);
    },
    ...createWebhookAuth(deps),
  };

  return async (key, request) => {
    const caller = await identify[access[key]](request);
    if (writeMethods.has(request.method) && cookie.read(request)) checkOrigin(request, settings.publicUrl);
    return caller;
  };
}

/**
 * Refuses a write that carries a session and does not come from our own pages. Browsers send `Origin` with every write;
 * a write without it is refused. Over plain http, which is development, any name of this host is accepted.
 */
function checkOrigin(request: Request, publicUrl: string): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') fail('foreign-origin');
  const ours = new URL(publicUrl);
  if (origin === ours.origin) return;
  if (ours.protocol === 'http:' && host !== undefined && origin === `http://${host}`) return;
  fail('foreign-origin');
}

function readBearerToken(request: Request): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token ?? fail('not-authenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
}

function isSameDigest(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
