import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Access, CallerByKind, RouteKey } from '../access.ts';
import type { ProblemType } from './problems.ts';
import type { Checked } from './requests/checked.ts';

/** One documented response of a route. */
export interface ResponseDefinition {
  description: string;
  schema?: z.ZodType;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

type Responses = Readonly<Record<number, ResponseDefinition>>;

/** Return value of a handler: one of the documented responses, with a body that its schema accepts. */
export type Reply<R extends Responses> = {
  [Status in keyof R & number]: { status: Status; headers?: Record<string, string> } & (R[Status] extends {
    contentType: string;
  }
    ? { stream: (response: Response) => void | Promise<void> }
    : R[Status] extends { schema: infer Schema extends z.ZodType }
      ? { body: z.input<Schema> }
      : { body?: undefined });
}[keyof R & number];

type Shape = z.ZodObject | undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Context<Key extends RouteKey, Params, Query, Body> {
  params: Parsed<Params>;
  query: Parsed<Query>;
  body: Parsed<Body>;
  caller: CallerByKind[Access[Key]];
  /** Raw request, for headers, the client's address and a streamed body. */
  request: Request;
}

export interface RouteDefinition<
  Key extends RouteKey,
  Params extends Shape,
  Query extends Shape,
  Body extends z.ZodType | undefined,
  R extends Responses,
  Known,
> {
  key: Key;
  summary: string;
  description?: string;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Read-only fields: sending one is a failed field with the code `locked`. */
  locked?: readonly string[];
  /** Content type of a body that is not JSON; the handler or the guard reads it from the request. */
  bodyType?: string;
  /** Request headers to document, by name. */
  headers?: Readonly<Record<string, { description: string; required: boolean }>>;
  responses: R;
  /** Problem types of this route, beyond those that every route has. */
  problems?: readonly ProblemType[];
  /**
   * Checks fields against data that the schema does not know, and hands what it looked up to the handler as `known`. It
   * gets the fields that passed the schema, so that the response lists every failed field at once. It may also throw a
   * problem. A check that knows something is declared apart, with types, since TypeScript would not infer `known` here.
   */
  check?: (
    fields: Body extends z.ZodObject ? Partial<z.output<Body>> : never,
    context: Omit<Context<Key, Params, Query, Body>, 'body'>,
  ) => Promise<Checked<Known>>;
  // conditional, so that TypeScript infers `responses` before it checks the handler, and literals stay literals
  handle: R extends Responses
    ? (context: Context<Key, Params, Query, Body> & { known: Known }) => Promise<Reply<R>>
    : never;
}

/** A route without its type parameters, as the app mounts and documents it. */
export type Route = Omit<
  RouteDefinition<RouteKey, Shape, Shape, z.ZodType | undefined, Responses, unknown>,
  'check' | 'handle'
> & {
  check?: (fields: Record<string, unknown>, context: UntypedContext) => Promise<Checked<unknown>>;
  handle: (context: UntypedContext & { body: unknown; known: unknown }) => Promise<UntypedReply>;
};

export interface UntypedContext {
  params: unknown;
  query: unknown;
  caller: unknown;
  request: Request;
}

export interface UntypedReply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  stream?: (response: Response) => void | Promise<void>;
}

/** Defines a route: its schemas, responses, check and handler. */
export function route<
  const Key extends RouteKey,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
  const R extends Responses = Responses,
  Known = undefined,
>(definition: RouteDefinition<Key, Params, Query, Body, R, Known>): Route {
  return definition as unknown as Route;
}

/** Splits the key of a route into method and path. */
export function splitRouteKey(key: RouteKey): {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
} {
  const [method, path] = key.split(' ') as [string, string];
  return { method: method.toLowerCase() as 'get', path };
}
