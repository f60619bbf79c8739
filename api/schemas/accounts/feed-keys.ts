import { z } from 'zod';
import { feedKind } from '../feeds/feeds.ts';
import { id, instant, singleLineText } from '../fields.ts';
import { reason } from '../ops/ops-actions.ts';

/** A key with which one system uploads feeds. */
export const feedKey = z
  .strictObject({
    id,
    name: z.string(),
    feeds: z.array(feedKind),
    createdAt: instant,
    createdBy: z.string().meta({ description: 'Username of the administrator' }),
    lastUsedAt: instant.nullable(),
    earlierSecretUntil: instant
      .nullable()
      .meta({ description: 'Until when an earlier secret works beside the current one; null: none does' }),
    revokedAt: instant.nullable().meta({ description: 'Null while it can be used' }),
  })
  .meta({ id: 'FeedKey' });
export type FeedKey = z.infer<typeof feedKey>;

/** `GET /v1/ops/feed-keys`: those that can be used first, then by name */
export const feedKeyList = z.strictObject({ keys: z.array(feedKey) }).meta({ id: 'FeedKeyList' });
export type FeedKeyList = z.infer<typeof feedKeyList>;

/** `POST /v1/ops/feed-keys` */
export const newFeedKey = z
  .strictObject({
    name: singleLineText(100)
      .regex(/\S/, 'Not blank')
      .meta({ description: 'The system that uploads with it', example: 'MLMS export' }),
    feeds: z.array(feedKind).min(1).max(4).meta({ description: 'Feeds that it may upload' }),
    reason,
  })
  .meta({ id: 'NewFeedKey' });
export type NewFeedKey = z.infer<typeof newFeedKey>;

/** Hours for which earlier secrets work on after a rotation, unless it says otherwise. */
export const usualRotationHours = 24;

/** `POST /v1/ops/feed-keys/{id}/rotation` */
export const feedKeyRotation = z
  .strictObject({
    earlierValidHours: z
      .int()
      .min(0)
      .max(720)
      .default(usualRotationHours)
      .meta({ description: 'Hours for which earlier secrets work on; 0 ends them at once' }),
    reason,
  })
  .meta({ id: 'FeedKeyRotation' });
export type FeedKeyRotation = z.input<typeof feedKeyRotation>;

/** A key with its new secret. No other response has it. */
export const feedKeySecret = z
  .strictObject({
    key: feedKey,
    secret: z.string().meta({ description: 'Sent as `Authorization: Bearer …`. Shown only now' }),
  })
  .meta({ id: 'FeedKeySecret' });
export type FeedKeySecret = z.infer<typeof feedKeySecret>;
