import { deletePushSubscription, savePushSubscription } from '../../../store/agents/profiles.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { pushKey, pushSubscription, pushUnsubscription } from '../../schemas/agents/profile.ts';

const unknownPushService = {
  pointer: '/endpoint',
  code: 'unknown-push-service',
  detail: 'This is not a known push service.',
};

/** Routes to subscribe browsers of the agent to app notifications. */
export function pushRoutes({ db, settings, now, isPushEndpoint }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/push-subscriptions',
      summary: 'Get the key for subscribing to app notifications',
      responses: { 200: { description: 'The VAPID public key of the service', schema: pushKey } },
      handle: async (_context) => ({ status: 200, body: { applicationServerKey: settings.pushPublicKey } }),
    }),
    route({
      key: 'POST /v1/me/push-subscriptions',
      summary: 'Send app notifications to this browser',
      body: pushSubscription,
      responses: { 204: { description: 'Saved' } },
      // the endpoint is user input that we post to: it could be a machine inside our own network
      check: async ({ endpoint }) => ({
        faults: endpoint !== undefined && !isPushEndpoint?.(endpoint) ? [unknownPushService] : [],
      }),
      handle: async ({ body: { endpoint, keys }, caller: { npn } }) => {
        const subscription = { endpoint, ...keys, npn, at: now() };
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
  ];
}
