import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { type Refusal, refusalOf } from '../../domain/failures.ts';
import { ProblemError, type ProblemMore, type ProblemType, problemKinds } from './problems.ts';

const prefix = 'urn:help-on-demand:problem:';

/** The `type` of a kind of problem: a URN whose last part is its name. */
export function problemUrn(type: ProblemType): string {
  return `${prefix}${type}`;
}

/**
 * The only way from a failure to an answer (RFC 9457). What nobody expected is logged with the request's id and
 * answered without a detail.
 */
export function createErrorHandler(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { type, more } = problemOf(error);
    if (problemKinds[type].status >= 500)
      request.log.error({ err: error, problem: type }, 'a request failed');
    // an answer that has begun, such as an event stream, cannot turn into another one
    if (response.headersSent) return next(error);
    sendProblem(request, response, type, more);
  };
}

/** Writes one problem. */
export function sendProblem(
  request: Request,
  response: Response,
  type: ProblemType,
  more: ProblemMore,
): void {
  const { status, title } = problemKinds[type];
  const { detail, errors, retryAfter, headers, members } = more;
  if (retryAfter !== undefined) response.set('Retry-After', `${Math.max(1, Math.ceil(retryAfter))}`);
  if (headers) response.set(headers);
  // the rest of a body that was refused before its end still has to be taken from the wire
  if (!request.complete) request.resume();
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: problemUrn(type),
        title,
        status,
        detail,
        instance: `urn:uuid:${request.id as string}`,
        errors,
        ...members,
      }),
    );
}

/** The kind of problem that an error stands for, and what this one adds. */
export function problemOf(error: unknown): { type: ProblemType; more: ProblemMore } {
  if (error instanceof ProblemError) return error;
  const refusal = refusalOf(error);
  if (refusal) return { type: refusal.type, more: moreOf(refusal) };
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return { type: 'not-answered-yet', more: { retryAfter: 2 } };
  if (isAway(error)) return { type: 'unavailable', more: { retryAfter: 5 } };
  return problemOfParser(error) ?? { type: 'unexpected', more: {} };
}

function moreOf({ type, message, details }: Refusal): ProblemMore {
  const { field } = problemKinds[type];
  return {
    detail: message,
    members: details,
    ...(field ? { errors: [{ ...field, detail: message }] } : {}),
  };
}

const goneCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Temporal or Postgres is away, starting, stopping, out of connections, or chose another's transaction time and again. */
function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof ServiceError || isGrpcServiceError(error)) return true;
  const { code, message, cause, errors } = error as Record<string, unknown>;
  if (goneCodes.has(String(code)) || /^(08...|57P0[1-5]|53300|40P01|40001)$/.test(String(code))) return true;
  if (/^(Connection terminated|timeout exceeded when trying to connect)/.test(String(message))) return true;
  // one attempt for each address of a host comes as one error of many
  return isAway(cause) || (Array.isArray(errors) && errors.some(isAway));
}

/** What the parsers of Express and the router refuse, by the type or the status they put on their errors. */
function problemOfParser(error: unknown): { type: ProblemType; more: ProblemMore } | undefined {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  if (type === 'entity.parse.failed') return { type: 'malformed-json', more: {} };
  if (status === 413) return { type: 'too-large', more: {} };
  if (status === 415) return { type: 'unsupported-media-type', more: {} };
  if (status === 404) return { type: 'not-found', more: {} };
  return typeof status === 'number' && status >= 400 && status < 500
    ? { type: 'malformed-request', more: {} }
    : undefined;
}
