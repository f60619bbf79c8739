import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  createFeedKey,
  type FeedKey,
  readFeedKey,
  readFeedKeys,
  revokeFeedKey,
  rotateFeedKey,
} from '../../../store/accounts/feed-keys.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import {
  feedKey,
  feedKeyList,
  feedKeyRotation,
  feedKeySecret,
  newFeedKey,
} from '../../schemas/accounts/feed-keys.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason } from '../../schemas/ops/ops-actions.ts';

const ofKey = { params: z.strictObject({ id }), problems: ['not-found', 'not-allowed-now'] } as const;

/** Routes by which administrators give systems keys for feeds, rotate and revoke them. Each action has a reason and is recorded. */
export function feedKeyRoutes({ db, now }: Deps, recordSecurity: SecurityLog): Route[] {
  return [
    route({
      key: 'GET /v1/ops/feed-keys',
      summary: 'List the keys for feeds; that of the settings, FEEDS_KEY, is not among them',
      responses: { 200: { description: 'The keys, revoked ones too', schema: feedKeyList } },
      handle: async () => {
        const keys = await readFeedKeys(db, now());
        return { status: 200 as const, body: { keys: keys.map(toFeedKey) } };
      },
    }),
    route({
      key: 'POST /v1/ops/feed-keys',
      summary: 'Create a key for one or more feeds',
      body: newFeedKey,
      responses: { 201: { description: 'The key and its secret', schema: feedKeySecret } },
      handle: async ({ body, caller: { accountId }, request }) => {
        const secret = newSecret();
        const creation = { ...body, secretSha256: sha256(secret), by: accountId, at: now() };
        const key = await recordSecurity.inTransaction(request, async (tx, record) => {
          const created = await createFeedKey(tx, creation);
          if (created === undefined) return failNameTaken();
          await record(changed(accountId, 'created'));
          return readOne(tx, created, creation.at);
        });
        return { status: 201, body: { key, secret } };
      },
    }),
    route({
      key: 'POST /v1/ops/feed-keys/:id/rotation',
      summary: 'Give a key another secret; earlier ones work on for the hours that you say',
      ...ofKey,
      body: feedKeyRotation,
      responses: { 200: { description: 'The key and its new secret', schema: feedKeySecret } },
      handle: async ({ params, body: { earlierValidHours, reason }, caller: { accountId }, request }) => {
        const [secret, at] = [newSecret(), now()];
        const earlierUntil = new Date(at.getTime() + earlierValidHours * hourMs);
        const rotation = { ...params, secretSha256: sha256(secret), earlierUntil, reason, by: accountId, at };
        const key = await recordSecurity.inTransaction(request, async (tx, record) => {
          await rotateFeedKey(tx, rotation);
          await record(changed(accountId, 'rotated'));
          return readOne(tx, params.id, at);
        });
        return { status: 200, body: { key, secret } };
      },
    }),
    route({
      key: 'POST /v1/ops/feed-keys/:id/revocation',
      summary: 'Revoke a key for good, with every secret',
      ...ofKey,
      body: opsReason,
      responses: { 200: { description: 'Done now or earlier', schema: feedKey } },
      handle: async ({ params, body, caller: { accountId }, request }) => {
        const ending = { ...params, ...body, by: accountId, at: now() };
        const key = await recordSecurity.inTransaction(request, async (tx, record) => {
          if (await revokeFeedKey(tx, ending)) await record(changed(accountId, 'revoked'));
          return readOne(tx, params.id, ending.at);
        });
        return { status: 200, body: key };
      },
    }),
  ];
}

const changed = (accountId: string, detail: 'created' | 'rotated' | 'revoked') =>
  ({ kind: 'feed-key-changed', accountId, detail }) as const;

const hourMs = 60 * 60_000;

/** Generates a secret of 256 bits. Its beginning lets scanners of code and logs recognize one that has leaked. */
const newSecret = () => `hod_feeds_${randomBytes(32).toString('base64url')}`;

function failNameTaken(): never {
  const detail = 'A key that is in use has this name.';
  return fail('invalid-fields', { errors: [{ pointer: '/name', code: 'taken', detail }] });
}

async function readOne(tx: Tx, keyId: string, at: Date) {
  return toFeedKey((await readFeedKey(tx, { id: keyId, at })) ?? fail('not-found'));
}

const toFeedKey = ({ createdAt, lastUsedAt, earlierSecretUntil, revokedAt, ...key }: FeedKey) => ({
  ...key,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  earlierSecretUntil: earlierSecretUntil?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});
