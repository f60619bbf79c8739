import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { createApp, createRoutes } from '../../api/app.ts';
import type { ApiSettings, AppDeps, Deps } from '../../api/deps.ts';
import { defaultRateLimits } from '../../api/http/requests/rate-limits.ts';
import type { Route } from '../../api/http/route.ts';
import { startChangeFeed } from '../../api/http/streams/change-feed.ts';
import { createLiveEvents } from '../../api/http/streams/live-events.ts';
import { describeApi } from '../../api/openapi.ts';
import { problem } from '../../api/schemas/problem.ts';
import { type ServerOptions, startServer } from '../../api/server.ts';
import { defaultSessionPolicy } from '../../domain/accounts/session-policy.ts';
import type { Policy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import { createLog } from '../../runtime/log.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { aPolicy, minutes } from './activity-harness.ts';
import { keyring } from './keyring.ts';
import { createTestDatabase } from './servers/postgres.ts';

const policy = aPolicy({
  termsReminderAfterMs: [],
  endWarningBeforeMs: [],
  outcomeWindowMs: minutes(60),
  phoneCheckAfterMs: [minutes(15)],
  licenseLookupAfterMs: [],
});

/** The parts of a request that a test sends. */
export interface ApiCall {
  cookie?: string;
  bearer?: string;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  // typed loosely: a test reads any member
  json: Record<string, unknown> & { errors?: { pointer: string; code: string }[]; type?: string };
}

/** The API on its own port with its own database. Temporal cannot be reached. */
export interface ApiHarness {
  url: string;
  db: Database;
  /** The database with the owner of its tables. */
  ownerUrl: string;
  feedsKey: string;
  linkSecret: string;
  routes: Route[];
  /** The dependencies of the API's routes. */
  deps: Deps;
  /** Everything logged so far. */
  logged: () => string;
  /** Sends a request named by method and path, such as `POST /v1/session`. With a cookie it has the portal's Origin. */
  call: (key: string, call?: ApiCall) => Promise<ApiAnswer>;
  close: () => Promise<void>;
}

export async function openApiHarness(
  changes: Partial<AppDeps> &
    Partial<Pick<ApiSettings, 'publicUrl' | 'webhooks' | 'rateLimits' | 'proxies'>> &
    Partial<Pick<ServerOptions, 'requestTimeoutMs'>> & { policy?: Partial<Policy> } = {},
): Promise<ApiHarness> {
  const database = await createTestDatabase();
  const db = createDatabase<DB>(database.url);
  const lines: string[] = [];
  const log = createLog('api', { level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const events = createLiveEvents({ tickMs: 60_000 });
  const liveDb = createDatabase<DB>(database.url, { poolSize: 1, name: 'help-on-demand live events' });
  const changeFeed = startChangeFeed({ db: liveDb, events, everyMs: 20, log });
  // nothing listens on port 9, and without the interceptors the client does not retry
  const connection = Connection.lazy({ address: '127.0.0.1:9', interceptors: [] });
  const feedsPool = new Pool({ connectionString: database.url, max: 2 });
  feedsPool.on('error', () => {});
  const {
    publicUrl = 'http://help.example.org',
    webhooks,
    rateLimits,
    proxies,
    policy: changedPolicy,
    requestTimeoutMs = 300_000,
    ...more
  } = changes;
  const settings = {
    publicUrl,
    feedsKey: randomBytes(16).toString('hex'),
    linkSecret: randomBytes(32).toString('hex'),
    policy: { ...policy, ...changedPolicy },
    sessions: defaultSessionPolicy,
    securityContact: 'mailto:security@example.org',
    pushPublicKey: 'key-of-pushes',
    updateTimeoutMs: 300,
    webhooks,
    rateLimits,
    proxies,
  };
  const deps: Deps = {
    db,
    feedsPool,
    temporal: new Client({ connection }),
    keyring,
    settings,
    log,
    events,
    isPushEndpoint: (endpoint) => endpoint.startsWith('https://push.example.org/'),
    now: () => new Date(),
    ...more,
  };
  const server = await startServer({
    app: createApp(deps),
    events,
    host: '127.0.0.1',
    port: 0,
    log,
    drainMs: 500,
    requestTimeoutMs: requestTimeoutMs,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const routes = createRoutes(deps, defaultRateLimits).flat();
  return {
    url,
    db,
    ownerUrl: database.ownerUrl,
    feedsKey: deps.settings.feedsKey,
    linkSecret: deps.settings.linkSecret,
    routes,
    deps,
    logged: () => lines.join(''),
    call: async (key, call) => {
      const answer = await send(url, publicUrl, key, call);
      checkAnswer(routes, key, answer);
      return answer;
    },
    async close() {
      await server.stop();
      await changeFeed.stop();
      await Promise.all([liveDb.destroy(), db.destroy(), feedsPool.end(), connection.close()]);
      await database.drop();
    },
  };
}

async function send(url: string, publicUrl: string, key: string, call: ApiCall = {}): Promise<ApiAnswer> {
  const [method = 'GET', path = '/'] = key.split(' ');
  const { cookie, bearer, body, headers } = call;
  const response = await fetch(new URL(path, url), {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(cookie ? { Cookie: cookie, Origin: publicUrl } : {}),
      ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : {},
  };
}

/** The statuses that a route's document lists; to describe a route takes longer than most requests to it. */
const listedStatuses = new WeakMap<Route, ReadonlySet<string>>();

function listedStatusesOf(route: Route): ReadonlySet<string> {
  const known = listedStatuses.get(route);
  if (known) return known;
  const document = describeApi([route], { publicUrl: 'http://help.example.org', cookieName: 'session' });
  const [operations = {}] = Object.values(document.paths ?? {});
  const { responses = {} } = Object.values(operations)[0] as { responses?: Record<string, unknown> };
  const statuses = new Set(Object.keys(responses));
  listedStatuses.set(route, statuses);
  return statuses;
}

/**
 * Checks a response against the API's OpenAPI document: its status is listed and its body fits the schema.
 * @throws an error where it does not
 */
function checkAnswer(
  routes: readonly Route[],
  key: string,
  { status, text, json, headers }: ApiAnswer,
): void {
  const [method, path = ''] = key.split(' ');
  const route = routes.find(({ key: routeKey }) => {
    const [routeMethod, pattern = ''] = routeKey.split(' ');
    return (
      routeMethod === method && new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/?]+')}(\\?.*)?$`).test(path)
    );
  });
  if (!route) return;
  if (!listedStatusesOf(route).has(`${status}`))
    throw new Error(`${key} answered ${status}, which its document does not list`);
  const isProblem = headers.get('Content-Type')?.startsWith('application/problem+json');
  const schema = isProblem ? problem : route.responses[status]?.schema;
  if (!schema) {
    if (text !== '') throw new Error(`${key} answered ${status} with a body, and its document lists none`);
    return;
  }
  if (route.responses[status]?.contentType === undefined) schema.parse(json);
}

/** Error codes of the failed fields, by JSON pointer. */
export function codesOf({ json }: ApiAnswer): Record<string, string> {
  return Object.fromEntries((json.errors ?? []).map(({ pointer, code }) => [pointer, code]));
}

/** The name of a problem: the last part of its type. */
export function problemNameOf({ json }: ApiAnswer): string | undefined {
  return json.type?.split(':').at(-1);
}
