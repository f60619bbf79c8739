import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { RouteKey } from '../access.ts';
import type { ConfirmationCheck } from '../auth/confirmation.ts';
import type { Guard } from '../auth/guard.ts';
import type { FieldError } from '../schemas/problem.ts';
import { fieldErrorsOf, pointerTo } from './field-errors.ts';
import { fail, type ProblemType } from './problems.ts';
import type { FieldFault } from './requests/checked.ts';
import { readJsonBody } from './requests/read-body.ts';
import { type Route, splitRouteKey, type UntypedContext, type UntypedReply } from './route.ts';

declare global {
  namespace Express {
    interface Request {
      /** Route that serves the request, for the log: the URL itself may contain secrets and is never logged. */
      routeKey?: RouteKey;
      /** Account of the session that the request has, for the log. */
      accountId?: string;
      /** Why the request was refused or failed, for the log. */
      problem?: ProblemType;
    }
  }
}

/** What refuses requests before a route sees them. */
export interface Gates {
  guard: Guard;
  checkConfirmation: ConfirmationCheck;
}

/**
 * Creates the router of a group of routes. Each request passes the same steps: caller, content type, confirmation, schema of
 * path, query and body, the route's own `check`, handler, response.
 */
export function mount(routes: readonly Route[], gates: Gates): Router {
  const router = Router();
  // Express would answer OPTIONS by itself; a question of another site whether it may ask gets the 405 of a foreign method
  router.use((request, _response, next) => next(request.method === 'OPTIONS' ? 'router' : undefined));
  for (const route of routes) {
    const { method, path } = splitRouteKey(route.key);
    router[method](path, createHandler(route, gates));
  }
  return router;
}

function createHandler(route: Route, { guard, checkConfirmation }: Gates): RequestHandler {
  return async (request, response) => {
    request.routeKey = route.key;
    // personal data is in no cache; a route of public data says otherwise
    response.set('Cache-Control', 'no-store');
    const caller = await guard(route.key, request);
    await readRawBody(route, request);
    checkConfirmation(route.key, caller, request.body);
    const context = { caller, request, params: readParams(route, request), query: readQuery(route, request) };
    const { body, known } = await validateBody(route, context);
    await send(response, await route.handle({ ...context, body, known }));
  };
}

async function readRawBody(route: Route, request: Request): Promise<void> {
  const type = route.bodyType ?? (route.body ? 'application/json' : undefined);
  if (type === undefined) return;
  // `request.is` returns null without a body, and the JSON parser would accept that as an empty object
  if (!request.is(type)) fail('unsupported-media-type', { headers: { Accept: type } });
  if (route.bodyType) return;
  await readJsonBody(request);
}

/** Parses the path parameters; a malformed one is answered 404, because no resource can have it. */
function readParams(route: Route, request: Request): unknown {
  if (!route.params) return undefined;
  return route.params.safeParse(request.params).data ?? fail('not-found');
}

function readQuery(route: Route, request: Request): unknown {
  const parsed = (route.query ?? z.strictObject({})).safeParse(request.query);
  if (!parsed.success)
    fail('invalid-fields', { errors: fieldErrorsOf(parsed.error.issues, request.query, 'query') });
  return parsed.data;
}

/** Returns the parsed body, and what the route's check has looked up. @throws a problem with every failed field */
async function validateBody(
  route: Route,
  context: UntypedContext,
): Promise<{ body: unknown; known: unknown }> {
  if (!route.body) return { body: undefined, known: undefined };
  const rawBody: unknown = context.request.body;
  const parsed = route.body.safeParse(rawBody);
  const schemaFaults = parsed.success
    ? []
    : fieldErrorsOf(parsed.error.issues, rawBody, 'body').map(markLockedFields(route));
  const checked = route.check ? await route.check(validFields(route.body, rawBody), context) : { faults: [] };
  const faults: FieldFault[] = [...schemaFaults, ...('faults' in checked ? checked.faults : [])];
  if (faults.length > 0) failWithFaults(faults);
  return { body: parsed.data, known: 'known' in checked ? checked.known : undefined };
}

/** Reports a read-only field as `locked` instead of `unknown-field`. */
function markLockedFields({ locked = [] }: Route): (error: FieldError) => FieldError {
  const pointers = new Set(locked.map((name) => pointerTo([name])));
  return (error) =>
    error.code === 'unknown-field' && pointers.has(error.pointer)
      ? { ...error, code: 'locked', detail: 'This field cannot be changed here.' }
      : error;
}

/** More failed fields than any form has; it keeps the response smaller than the request. */
const maxFaults = 100;

function failWithFaults(faults: readonly FieldFault[]): never {
  const problem = faults.find((fault) => fault.problem)?.problem;
  const errors = faults.slice(0, maxFaults).map(({ pointer, code, detail }) => ({ pointer, code, detail }));
  fail(problem?.type ?? 'invalid-fields', { ...problem?.more, errors });
}

/** Returns the fields that match their own schema, whatever the others are; of a union schema, all fields or none. */
function validFields(schema: z.ZodType, rawBody: unknown): Record<string, unknown> {
  if (!(schema instanceof z.ZodObject))
    return (schema.safeParse(rawBody).data ?? {}) as Record<string, unknown>;
  if (typeof rawBody !== 'object' || rawBody === null) return {};
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const parsed = field.safeParse((rawBody as Record<string, unknown>)[name]);
    if (parsed.success && parsed.data !== undefined) fields[name] = parsed.data;
  }
  return fields;
}

async function send(response: Response, reply: UntypedReply): Promise<void> {
  const { status, body, headers, stream } = reply;
  if (stream) {
    await stream(response);
    return;
  }
  response.status(status).set(headers ?? {});
  if (body === undefined) response.end();
  else response.json(body);
}
