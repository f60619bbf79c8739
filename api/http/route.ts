import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Access, CallerByKind, RouteKey } from '../access.ts';
import type { ConsumerFaults, FieldError } from '../schemas/problem.ts';
import type { ProblemOptions, ProblemType } from './problems.ts';

/** One answer of a route, as it is documented and checked. */
export interface ResponseDefinition {
  description: string;
  schema?: z.ZodType;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

type Responses = Readonly<Record<number, ResponseDefinition>>;

/** What a handler gives back: one of the documented answers, its body as the schema has it. */
export type Reply<R extends Responses> = {
  [Status in keyof R & number]: { status: Status; headers?: Record<string, string> } & (R[Status] extends {
    contentType: string;
  }
    ? { stream: (response: Response) => void | Promise<void> }
    : R[Status] extends { schema: infer Schema extends z.ZodType }
      ? { body: z.input<Schema> }
      : { body?: undefined });
}[keyof R & number];

/** A failed field that only the service can know of; `problem` makes it the kind of the whole answer. */
export type FieldFault = FieldError & { problem?: { type: ProblemType; more?: ProblemOptions } };

/** A fault of what a consumer sends: it has one of the codes that the pages have words for. */
export type ConsumerFault = FieldFault &
  {
    [Field in keyof ConsumerFaults]: {
      pointer: `/${Field}` | `/${Field}/version`;
      code: ConsumerFaults[Field];
    };
  }[keyof ConsumerFaults];

type Shape = z.ZodObject | undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Context<Key extends RouteKey, Params, Query, Body> {
  params: Parsed<Params>;
  query: Parsed<Query>;
  body: Parsed<Body>;
  caller: CallerByKind[Access[Key]];
  /** The raw request: for headers, the client's address, and a body that streams. */
  request: Request;
}

export interface RouteDefinition<
  Key extends RouteKey,
  Params extends Shape,
  Query extends Shape,
  Body extends z.ZodType | undefined,
  R extends Responses,
> {
  key: Key;
  summary: string;
  description?: string;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Fields that are known and not the caller's to write: their code is `locked`. */
  locked?: readonly string[];
  /** A body of another type than JSON; the handler reads the request as it streams. */
  bodyType?: string;
  /** Request headers to document: name → description. */
  headers?: Readonly<Record<string, { description: string; required: boolean }>>;
  responses: R;
  /** The kinds of problems of this route's own; those of every route come by themselves. */
  problems?: readonly ProblemType[];
  /**
   * What only the service knows of the fields. It gets those that passed their shape, so that every failed field
   * is told at once; it may also end the request by throwing.
   */
  check?: (
    fields: Body extends z.ZodObject ? Partial<z.output<Body>> : never,
    context: Omit<Context<Key, Params, Query, Body>, 'body'>,
  ) => Promise<FieldFault[]>;
  // conditional, so that what `responses` says is settled before the handler is read: a literal stays one in it
  handle: R extends Responses ? (context: Context<Key, Params, Query, Body>) => Promise<Reply<R>> : never;
}

/** A route with its types forgotten, as the app mounts and documents it. */
export type Route = Omit<
  RouteDefinition<RouteKey, Shape, Shape, z.ZodType | undefined, Responses>,
  'check' | 'handle'
> & {
  check?: (fields: Record<string, unknown>, context: UntypedContext) => Promise<FieldFault[]>;
  handle: (context: UntypedContext & { body: unknown }) => Promise<UntypedReply>;
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

/** Defines a route: what it takes, what it answers, and what it does. */
export function route<
  const Key extends RouteKey,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
  const R extends Responses = Responses,
>(definition: RouteDefinition<Key, Params, Query, Body, R>): Route {
  return definition as unknown as Route;
}

/** The method and the path of a route. */
export function splitRouteKey(key: RouteKey): {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
} {
  const [method, path] = key.split(' ') as [string, string];
  return { method: method.toLowerCase() as 'get', path };
}
