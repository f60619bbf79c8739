import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { access, confirmedOnly } from './access.ts';
import { type ProblemType, problemTypes } from './http/problems.ts';
import { rateLimitHeaders } from './http/requests/count-use.ts';
import { isShielded } from './http/requests/request-shield.ts';
import { type Route, splitRouteKey } from './http/route.ts';
import { isAccountKind, problemsOfCaller, schemesOf, securitySchemes } from './openapi-callers.ts';
import { accountHeader, backgroundHeader } from './schemas/accounts/request-headers.ts';
import { problem } from './schemas/problem.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Creates the OpenAPI 3.1 document from the definitions that the routes are mounted from. */
export function describeApi(
  routes: readonly Route[],
  { publicUrl, cookieName }: { publicUrl: string; cookieName: string },
): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { method, path } = splitRouteKey(route.key);
    const documented = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[documented] = { ...paths[documented], [method]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Help On Demand',
      version: '1.0.0',
      description:
        'Connects consumers who ask for help with health coverage to licensed agents and brokers. ' +
        'Errors are problem details (RFC 9457); each response lists every failed field. ' +
        'Responses that a rate limit counted say what is left of it in `RateLimit-Policy` and `RateLimit` ' +
        '(draft-ietf-httpapi-ratelimit-headers-11). Limits for a phone number, an email address, an NPN or a username ' +
        'are not shown; a 429 says in `Retry-After` when to try again.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      headers: Object.fromEntries(
        Object.entries(rateLimitHeaders).map(([name, description]) => [name, stringHeader(description)]),
      ),
      securitySchemes: securitySchemes(cookieName),
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { method, path } = splitRouteKey(route.key);
  return {
    operationId: `${method}${path.replaceAll(/[/:.-]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [path.split('/')[path.startsWith('/v1/') ? 2 : 1]?.replace('.json', '') ?? 'health'],
    security: schemesOf(access[route.key]).map((scheme) => ({ [scheme]: [] })),
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
    },
    parameters: headersOf(route),
    ...bodyOf(route),
    // a status that the route documents itself replaces the problem response
    responses: withRateLimit(path, { ...problemAnswersOf(route), ...answersOf(route) }),
  };
}

const accountHeaders: NonNullable<Route['headers']> = {
  [accountHeader]: {
    description:
      'The `accountId` of the session that the page was opened with. If another account is logged in now, the request ' +
      'has no effect and is answered 409 `account-changed`',
    required: false,
  },
};

const backgroundHeaders: NonNullable<Route['headers']> = {
  [backgroundHeader]: {
    description: 'Sent with a read that no person caused: it does not count as use of the session',
    required: false,
  },
};

function headersOf({ key, headers = {} }: Route) {
  const bySession = isAccountKind(access[key]);
  const isRead = bySession && key.startsWith('GET ');
  const all = { ...headers, ...(bySession ? accountHeaders : {}), ...(isRead ? backgroundHeaders : {}) };
  return Object.entries(all).map(([name, { description, required }]) => ({
    name,
    in: 'header' as const,
    description,
    required,
    schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
  }));
}

function bodyOf({ body, bodyType }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (bodyType)
    return { requestBody: { required: true, content: { [bodyType]: { schema: { type: 'string' } } } } };
  return body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {};
}

function answersOf({ responses }: Route): ZodOpenApiResponsesObject {
  const answers: ZodOpenApiResponsesObject = {};
  for (const [
    status,
    { description, schema, contentType = 'application/json', headers = {} },
  ] of Object.entries(responses))
    answers[status as '200'] = {
      description,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, about]) => [name, stringHeader(about)]),
      ),
      ...(schema ? { content: { [contentType]: { schema } } } : {}),
    };
  return answers;
}

function problemAnswersOf(route: Route): ZodOpenApiResponsesObject {
  const types = new Set<ProblemType>([
    ...problemsOfCaller[access[route.key]],
    ...(route.problems ?? []),
    ...(confirmedOnly[route.key] ? (['re-authentication-required'] as const) : []),
    ...(route.params ? (['not-found'] as const) : []),
    // every route refuses unknown query parameters
    'invalid-fields',
    ...(route.body ? (['malformed-json', 'too-large', 'unsupported-media-type'] as const) : []),
    ...(route.bodyType ? (['unsupported-media-type'] as const) : []),
    // also on routes without authentication, if the browser sends a session cookie
    ...(route.key.startsWith('GET ') ? [] : (['foreign-origin'] as const)),
    'malformed-request',
    'too-many-requests',
    'unexpected',
    'unavailable',
  ]);
  const answers: ZodOpenApiResponsesObject = {};
  const statuses = new Set([...types].map((type) => problemTypes[type].status));
  for (const status of [...statuses].toSorted((one, other) => one - other)) {
    const kinds = [...types].filter((type) => problemTypes[type].status === status);
    answers[`${status}` as '400'] = {
      description: kinds.map((type) => `\`${type}\`: ${problemTypes[type].title}.`).join(' '),
      ...(status === 429 || status === 503 ? { headers: retryAfter } : {}),
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return answers;
}

const stringHeader = (description: string) => ({ description, schema: { type: 'string' as const } });

/** Adds the headers of rate limits to the responses of a path whose requests are counted. */
function withRateLimit(path: string, responses: ZodOpenApiResponsesObject): ZodOpenApiResponsesObject {
  if (!isShielded(path)) return responses;
  const shown = Object.fromEntries(
    Object.keys(rateLimitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
  return Object.fromEntries(
    Object.entries(responses).map(([status, { headers, ...response }]) => [
      status,
      { ...response, headers: { ...headers, ...shown } },
    ]),
  );
}

const retryAfter = {
  'Retry-After': {
    description: 'Seconds to wait before a retry',
    schema: { type: 'integer' as const, minimum: 1 },
  },
};
