import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { access, type CallerKind, openToTerminated, type RouteKey } from '../../../api/access.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { type Caller, createCallers } from './callers.ts';

/** One route of the OpenAPI document, with the security schemes of which a caller needs one. */
interface Operation {
  key: RouteKey;
  method: string;
  path: string;
  schemes: string[];
}

interface Document {
  paths: Record<string, Record<string, { security: Record<string, unknown>[] }>>;
  components: { securitySchemes: Record<string, unknown> };
}

/** The security schemes by which the document has to name each kind of caller. */
const schemesOf: Readonly<Record<CallerKind, readonly string[]>> = {
  visitor: [],
  anyone: [],
  account: ['agentSession', 'opsSession', 'opsAdminSession', 'auditorSession'],
  agent: ['agentSession'],
  ops: ['opsSession', 'opsAdminSession'],
  'ops-admin': ['opsAdminSession'],
  'ops-or-auditor': ['opsSession', 'opsAdminSession', 'auditorSession'],
  referral: ['referralToken'],
  offer: ['offerToken'],
  rest: ['hoursToken'],
  'test-offer': ['testOfferToken'],
  feeds: ['feedsKey'],
  twilio: ['twilioSignature'],
  sns: ['snsSignature'],
};
/** Calls with a valid signature are in tests/api/notifications. */
const signatures = ['twilioSignature', 'snsSignature'];

/** Bodies that pass the schemas of what an agent does to one thing, so that the answer says whose it is. */
const validBodies: Readonly<Record<string, object>> = {
  'POST /v1/offers/:id/decline': { reason: 'other' },
  'POST /v1/referrals/:id/outcomes': { outcome: 'contacted' },
  'PUT /v1/referrals/:id/notes': { text: 'called', updatedAt: null },
  'PATCH /v1/passkeys/:id': { name: 'Phone' },
  'PATCH /v1/me/push-subscriptions/:id': { hasSound: false },
};

/** Things of the account itself. Here nobody has the one that is named, so it is unknown to all who are admitted. */
const ofTheAccount: ReadonlySet<string> = new Set([
  'DELETE /v1/me/sessions/:id',
  'PATCH /v1/passkeys/:id',
  'DELETE /v1/passkeys/:id',
  'PATCH /v1/me/push-subscriptions/:id',
  'DELETE /v1/me/push-subscriptions/:id',
]);

let api: ApiHarness;
let document: Document;
let operations: Operation[];
let callers: Record<string, Caller>;
let fill: (path: string, caller: Caller) => string;
beforeAll(async () => {
  api = await openApiHarness({
    rateLimits: { requests: { points: 100_000, windowMs: 60_000 } },
    webhooks: {
      twilioAuthToken: 'f'.repeat(32),
      topicArn: 'arn:aws:sns:us-east-1:000000000000:ses-events',
      maxAgeMs: 60_000,
    },
  });
  document = (await api.call('GET /openapi.json')).json as unknown as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, { security }]) => ({
      key: `${name.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}` as RouteKey,
      method: name.toUpperCase(),
      path,
      schemes: security.flatMap(Object.keys),
    })),
  );
  ({ callers, fill } = await createCallers(api));
});
afterAll(() => api.close());

test('every route is in the table, and the document names the callers that the table admits', () => {
  const documented = operations.map(({ key, schemes }) => [key, schemes]);
  const wanted = Object.entries(access).map(([key, kind]) => [key, schemesOf[kind]]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(wanted));
});

test('every kind of caller that the document names calls every route here', () => {
  const known = new Set([...signatures, ...Object.values(callers).map(({ scheme }) => scheme)]);
  expect(Object.keys(document.components.securitySchemes).filter((scheme) => !known.has(scheme))).toEqual([]);
});

test('agents and administrators have paths of their own, which are open to nobody else, and auditors only read', () => {
  const open = operations.filter(
    ({ schemes, path }) => schemes.length === 0 && /^\/v1\/(me|ops)\//.test(path),
  );
  expect(open).toEqual([]);
  // what admits every account is about the account itself
  const admitting = (scheme: string, within: RegExp) =>
    operations
      .filter(({ schemes }) => schemes.includes(scheme) && schemes.length < schemesOf.account.length)
      .filter(({ path }) => within.test(path))
      .map(({ key }) => key);
  expect(admitting('agentSession', /^\/v1\/ops\//)).toEqual([]);
  expect(admitting('opsSession', /^\/v1\/me\//)).toEqual([]);
  const writes = admitting('opsSession', /^\/v1\/ops\/(accounts|feed-keys)/).filter(
    (key) => !key.startsWith('GET'),
  );
  expect(writes).toEqual([]);
  expect(admitting('auditorSession', /^\/v1\/ops\//)).toEqual([
    'GET /v1/ops/referrals/:id/decisions',
    'GET /v1/ops/audit',
  ]);
});

test('every caller is admitted to every route as the table says, and refused by all others', async () => {
  const faults: string[] = [];
  for (const operation of operations)
    await Promise.all(
      Object.entries(callers).map(async ([name, caller]) => {
        // a log-out would end the session of the calls that follow
        const hasSession = caller.cookie !== undefined || caller.headers?.['Cookie'] !== undefined;
        if (operation.key === 'DELETE /v1/session' && hasSession) return;
        const [wanted, found] = [expectedAnswer(operation, caller), await answerTo(operation, caller)];
        if (wanted !== found) faults.push(`${operation.key} by ${name}: ${found} instead of ${wanted}`);
      }),
    );
  expect(faults).toEqual([]);
}, 180_000);

type Answer = 'admitted' | 401 | 403 | 404;

function expectedAnswer(
  { key, schemes }: Operation,
  { scheme = '', isForeign, isTerminated, ...sent }: Caller,
): Answer {
  if (schemes.length === 0) return 'admitted';
  if (schemes.some((one) => signatures.includes(one))) return 403;
  const isAdmitted = schemes.includes(scheme);
  if (schemes.some((one) => one.endsWith('Session'))) {
    if (sent.cookie === undefined) return 401;
    if (!isAdmitted || (isTerminated && !openToTerminated.has(key))) return 403;
    // the id of a session is here of nobody's, because ending one's own would end the calls that follow
    if (key === 'DELETE /v1/me/sessions/:id') return 404;
    // whose thing it is, is in the id; an NPN, a kind or a ZIP belongs to nobody
    return ofTheAccount.has(key) || (isForeign && key.includes('/:id')) ? 404 : 'admitted';
  }
  if (sent.bearer === undefined) return 401;
  if (isAdmitted && isTerminated) return 403;
  if (isAdmitted && !isForeign) return 'admitted';
  return schemes.includes('feedsKey') ? 403 : 404;
}

/**
 * Calls a route. The body is invalid, so that who is admitted changes nothing; it is valid where another's thing is
 * named. Leaves event streams at once.
 */
async function answerTo({ key, method, path }: Operation, caller: Caller): Promise<Answer> {
  const { cookie, bearer, headers, isForeign } = caller;
  const isOfAnother = cookie !== undefined && (ofTheAccount.has(key) || (isForeign && key.includes('/:id')));
  const body = isOfAnother ? (validBodies[key] ?? {}) : { unknown: true };
  const leave = new AbortController();
  const response = await fetch(new URL(fill(path, caller), api.url), {
    method,
    signal: leave.signal,
    headers: {
      Origin: 'http://help.example.org',
      ...(cookie ? { Cookie: cookie } : {}),
      ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  const { status, headers: received } = response;
  if (received.get('Content-Type')?.startsWith('text/event-stream')) leave.abort();
  else await response.arrayBuffer();
  return status === 401 || status === 403 || status === 404 ? status : 'admitted';
}
