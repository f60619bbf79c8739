import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import type { ContactKey } from '../../../store/referrals/contacts/contact-keys.ts';
import { fail } from '../../http/problems.ts';
import { networkOf } from '../../http/requests/request-origin.ts';
import type { HelpRequest } from '../../schemas/referrals/referrals.ts';

/** Recognizes keys that cannot be guessed: a UUID, or as much randomness in another format. */
function isUnguessable(key: string): boolean {
  const bare = key.replaceAll('-', '');
  const isRandom = /^[0-9a-f]{32,}$/i.test(bare) || /^\w{22,}$/.test(bare);
  return isRandom && new Set(bare).size >= 8;
}

/**
 * Hashes the Idempotency-Key, so that equal keys of different people do not collide. Consumers have no session, and many
 * share a network, so they are identified by phone number and email address. A key that could be guessed is bound to its
 * network as well, because the response contains the token of the referral.
 * @returns one hash for each contact, or one for no contact
 * @throws a problem of type `idempotency-key-missing`
 */
export function idempotencyKeyHashes(
  request: Request,
  contacts: readonly ContactKey[],
  secret: string,
): [string, ...string[]] {
  const key = request.get('Idempotency-Key');
  if (!key || key.length > 255) fail('idempotency-key-missing');
  const network = isUnguessable(key) ? '' : networkOf(request);
  const hashOf = (contact: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['idempotency-key', key, contact, network]))
      .digest('hex');
  const [first, ...others] = contacts.map((contact) => hashOf(contact.key));
  return [first ?? hashOf(''), ...others];
}

/** Hashes a request with a secret, to recognize a repeat without storing data that could be guessed from the hash. */
export function requestDigest(body: HelpRequest, secret: string): string {
  return createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex');
}
