import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { RouteKey } from '../access.ts';
import type { Guard } from '../auth/guard.ts';
import type { FieldError } from '../schemas/problem.ts';
import { fieldErrorsOf, pointerTo } from './field-errors.ts';
import { fail } from './problems.ts';
import { readJsonBody } from './read-body.ts';
import {
  type FieldFault,
  type Route,
  splitRouteKey,
  type UntypedContext,
  type UntypedReply,
} from './route.ts';

declare global {
  namespace Express {
    interface Request {
      /** The route that took the request, for the log: no address as it was typed ever gets there. */
      routeKey?: RouteKey;
    }
  }
}

/**
 * One router of a subject's routes. Each request goes the same way: who calls → the body's type → the shape of
 * every part → what only the service knows → the handler → its answer.
 */
export function mount(routes: readonly Route[], guard: Guard): Router {
  const router = Router();
  for (const route of routes) {
    const { method, path } = splitRouteKey(route.key);
    router[method](path, handlerOf(route, guard));
  }
  return router;
}

function handlerOf(route: Route, guard: Guard): RequestHandler {
  return async (request, response) => {
    request.routeKey = route.key;
    const caller = await guard(route.key, request);
    await readRawBody(route, request);
    const context = { caller, request, params: readParams(route, request), query: readQuery(route, request) };
    const body = await validateBody(route, context);
    await send(response, await route.handle({ ...context, body }));
  };
}

async function readRawBody(route: Route, request: Request): Promise<void> {
  const type = route.bodyType ?? (route.body ? 'application/json' : undefined);
  if (type === undefined) return;
  // null: there is no body, which is an empty one and no object
  if (!request.is(type)) fail('unsupported-media-type', { headers: { Accept: type } });
  if (route.bodyType) return;
  await readJsonBody(request);
}

/** A path that no resource can have is an unknown one. */
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

async function validateBody(route: Route, context: UntypedContext): Promise<unknown> {
  if (!route.body) return undefined;
  const given: unknown = context.request.body;
  const parsed = route.body.safeParse(given);
  const shape = parsed.success
    ? []
    : fieldErrorsOf(parsed.error.issues, given, 'body').map(markLockedFields(route));
  const known = route.check ? await route.check(validFields(route.body, given), context) : [];
  const faults: FieldFault[] = [...shape, ...known];
  if (faults.length > 0) failWithFaults(faults);
  return parsed.data;
}

/** A field that exists and is not the caller's to write is told apart from one that does not exist. */
function markLockedFields({ locked = [] }: Route): (error: FieldError) => FieldError {
  const pointers = new Set(locked.map((name) => pointerTo([name])));
  return (error) =>
    error.code === 'unknown-field' && pointers.has(error.pointer)
      ? { ...error, code: 'locked', detail: 'This field cannot be changed here.' }
      : error;
}

/** More failed fields than any form has: an answer stays smaller than what was sent. */
const maxFaults = 100;

function failWithFaults(faults: readonly FieldFault[]): never {
  const problem = faults.find((fault) => fault.problem)?.problem;
  const errors = faults.slice(0, maxFaults).map(({ pointer, code, detail }) => ({ pointer, code, detail }));
  fail(problem?.type ?? 'invalid-fields', { ...problem?.more, errors });
}

/** The fields of a body whose own shape is right, whatever the others are; of a body with several shapes, all or none. */
function validFields(schema: z.ZodType, given: unknown): Record<string, unknown> {
  if (!(schema instanceof z.ZodObject))
    return (schema.safeParse(given).data ?? {}) as Record<string, unknown>;
  if (typeof given !== 'object' || given === null) return {};
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const parsed = field.safeParse((given as Record<string, unknown>)[name]);
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
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers });
  if (body === undefined) response.end();
  else response.json(body);
}
