import { z } from 'zod';
import { id, instant } from '../fields.ts';

const pushEndpoint = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .meta({ description: 'URL of this browser at its push service' });

const pushSecret = z
  .string()
  .regex(/^[\w-]{20,30}={0,2}$/)
  .meta({ description: 'Secret of the subscription, base64url' });

/** `POST /v1/me/push-subscriptions`: the result of the browser's `PushSubscription.toJSON()`. */
export const pushSubscription = z
  .strictObject({
    endpoint: pushEndpoint,
    expirationTime: z.number().nullable().optional(),
    keys: z.strictObject({ p256dh: z.string().regex(/^[\w-]{80,100}={0,2}$/), auth: pushSecret }),
  })
  .meta({ id: 'PushSubscription' });
export type PushSubscriptionBody = z.infer<typeof pushSubscription>;

/**
 * `DELETE /v1/me/push-subscriptions`. The endpoint is a secret of the browser, so it is in the body and not in the
 * URL.
 */
export const pushUnsubscription = z
  .strictObject({ endpoint: pushEndpoint })
  .meta({ id: 'PushUnsubscription' });
export type PushUnsubscription = z.infer<typeof pushUnsubscription>;

/**
 * `POST /v1/push-subscription-renewals`. A service worker sends it, which may have no session: endpoint and secret of the
 * former subscription are known to its browser alone.
 */
export const pushRenewal = z
  .strictObject({
    before: z.strictObject({ endpoint: pushEndpoint, auth: pushSecret }),
    subscription: pushSubscription,
  })
  .meta({ id: 'PushRenewal' });
export type PushRenewal = z.infer<typeof pushRenewal>;

/** `PATCH /v1/me/push-subscriptions/{id}` */
export const pushDeviceChange = z
  .strictObject({ hasSound: z.boolean().meta({ description: 'Pushes make a sound and a vibration' }) })
  .meta({ id: 'PushDeviceChange' });
export type PushDeviceChange = z.infer<typeof pushDeviceChange>;

/** `GET /v1/me/push-subscriptions` */
export const pushDevices = z
  .strictObject({
    applicationServerKey: z
      .string()
      .meta({ description: 'For `PushManager.subscribe`: the VAPID public key' }),
    devices: z
      .array(
        z.strictObject({
          id,
          name: z.string().meta({ description: 'Such as Chrome on Android' }),
          createdAt: instant,
          lastSentAt: instant.nullable().meta({ description: 'When its push service last took a push' }),
          works: z.boolean().meta({ description: 'The push service has not said that it is gone' }),
          hasSound: z.boolean(),
          endpointSha256: z
            .string()
            .meta({ description: 'SHA-256 of the endpoint, in hex, by which a browser recognizes itself' }),
        }),
      )
      .meta({ description: 'The newest first' }),
  })
  .meta({ id: 'PushDevices' });
export type PushDevices = z.infer<typeof pushDevices>;
