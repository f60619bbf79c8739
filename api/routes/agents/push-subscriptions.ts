import { deletePushSubscription, savePushSubscription } from '../../../store/agents/profiles.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { pushKey, pushSubscription, pushUnsubscription } from '../../schemas/agents/profile.ts';

const notAllowed = {
  pointer: '/endpoint',
  code: 'unknown-push-service',
  detail: 'This is not a push service that we know.',
};

export function pushRoutes({ db, settings, now, isPushEndpoint }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/me/push-subscriptions',
      summary: 'What a browser needs to subscribe to app notifications',
      responses: { 200: { description: 'Our key', schema: pushKey } },
      handle: async (_context) => ({ status: 200, body: { applicationServerKey: settings.pushPublicKey } }),
    }),
    route({
      key: 'POST /v1/me/push-subscriptions',
      summary: 'Have app notifications sent to this browser',
      body: pushSubscription,
      responses: { 204: { description: 'Kept' } },
      // what we post to is user input and could be a machine inside our own network
      check: async ({ endpoint }) =>
        endpoint !== undefined && !isPushEndpoint?.(endpoint) ? [notAllowed] : [],
      handle: async ({ body: { endpoint, keys }, caller: { npn } }) => {
        const kept = { endpoint, ...keys, npn, at: now() };
        await db.transaction().execute((tx) => savePushSubscription(tx, kept));
        return { status: 204 };
      },
    }),
    route({
      key: 'DELETE /v1/me/push-subscriptions',
      summary: 'Send no more app notifications to this browser',
      body: pushUnsubscription,
      responses: { 204: { description: 'Forgotten' } },
      handle: async ({ body: { endpoint }, caller: { npn } }) => {
        await db.transaction().execute((tx) => deletePushSubscription(tx, { endpoint, npn }));
        return { status: 204 };
      },
    }),
  ];
}
