import { z } from 'zod';
import {
  changePushSound,
  deletePushSubscription,
  type PushDevice,
  readPushDevices,
  renewPushSubscription,
  savePushSubscription,
} from '../../../store/agents/push-subscriptions.ts';
import { sha256 } from '../../../store/tokens.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { browserName } from '../../http/requests/browser-name.ts';
import { type Route, route } from '../../http/route.ts';
import {
  pushDeviceChange,
  pushDevices,
  pushRenewal,
  pushSubscription,
  pushUnsubscription,
} from '../../schemas/agents/push-subscriptions.ts';
import { id } from '../../schemas/fields.ts';

const params = z.strictObject({ id });

/** Routes to subscribe browsers of the agent to app notifications, and to see and change which of them get any. */
export function pushRoutes({ db, settings, now, isPushEndpoint }: Deps): Route[] {
  // the endpoint is user input that we post to: it could be a machine inside our own network
  const faultsOf = (endpoint: string | undefined, pointer: string) =>
    endpoint !== undefined && !isPushEndpoint?.(endpoint)
      ? [{ pointer, code: 'unknown-push-service', detail: 'This is not a known push service.' }]
      : [];
  return [
    route({
      key: 'GET /v1/me/push-subscriptions',
      summary: 'Get the devices that get app notifications, and the key for subscribing another one',
      responses: {
        200: { description: 'The VAPID public key of the service, and the devices', schema: pushDevices },
      },
      handle: async ({ caller: { npn } }) => {
        const devices = await readPushDevices(db, npn);
        const body = { applicationServerKey: settings.pushPublicKey, devices: devices.map(toDevice) };
        return { status: 200, body };
      },
    }),
    route({
      key: 'POST /v1/me/push-subscriptions',
      summary: 'Send app notifications to this browser',
      body: pushSubscription,
      responses: { 204: { description: 'Saved' } },
      check: async ({ endpoint }) => ({ faults: faultsOf(endpoint, '/endpoint') }),
      handle: async ({ body: { endpoint, keys }, caller: { npn }, request }) => {
        const name = browserName(request.get('User-Agent'));
        const subscription = { endpoint, ...keys, npn, name, at: now() };
        await db.transaction().execute((tx) => savePushSubscription(tx, subscription));
        return { status: 204 };
      },
    }),
    route({
      key: 'DELETE /v1/me/push-subscriptions',
      summary: 'Stop app notifications to this browser',
      body: pushUnsubscription,
      responses: { 204: { description: 'Deleted' } },
      handle: async ({ body: { endpoint }, caller: { npn } }) => {
        await db.transaction().execute((tx) => deletePushSubscription(tx, { endpoint, npn }));
        return { status: 204 };
      },
    }),
    route({
      key: 'PATCH /v1/me/push-subscriptions/:id',
      summary: 'Turn sound and vibration of app notifications on or off on a device',
      params,
      body: pushDeviceChange,
      responses: { 204: { description: 'Changed' } },
      handle: async ({ params: { id: device }, body: { hasSound }, caller: { npn } }) => {
        if (!(await changePushSound(db, { id: device, npn, hasSound }))) fail('not-found');
        return { status: 204 };
      },
    }),
    route({
      key: 'DELETE /v1/me/push-subscriptions/:id',
      summary: 'Stop app notifications to a device',
      params,
      responses: { 204: { description: 'Deleted' } },
      handle: async ({ params: { id: device }, caller: { npn } }) => {
        const wasThere = await db
          .transaction()
          .execute((tx) => deletePushSubscription(tx, { id: device, npn }));
        if (!wasThere) fail('not-found');
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/push-subscription-renewals',
      summary: 'Replace the subscription of a browser whose push service has given it another one',
      body: pushRenewal,
      responses: { 204: { description: 'Replaced, now or before' } },
      problems: ['not-found'],
      check: async ({ subscription }) => ({
        faults: faultsOf(subscription?.endpoint, '/subscription/endpoint'),
      }),
      handle: async ({ body: { before, subscription } }) => {
        const { endpoint, keys } = subscription;
        const isKnown = await db
          .transaction()
          .execute((tx) => renewPushSubscription(tx, { before, now: { endpoint, ...keys } }));
        if (!isKnown) fail('not-found');
        return { status: 204 };
      },
    }),
  ];
}

function toDevice({ id: device, name, createdAt, lastSentAt, goneAt, hasSound, endpoint }: PushDevice) {
  return {
    id: device,
    name,
    createdAt: createdAt.toISOString(),
    lastSentAt: lastSentAt?.toISOString() ?? null,
    works: goneAt === null,
    hasSound,
    endpointSha256: sha256(endpoint),
  };
}
