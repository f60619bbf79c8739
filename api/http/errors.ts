import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { type Refusal, refusalOf } from '../../domain/failures.ts';
import { BusyError } from '../../store/accounts/passwords.ts';
import { ProblemError, type ProblemOptions, type ProblemType, problemTypes } from './problems.ts';

const prefix = 'urn:help-on-demand:problem:';

/** Returns the `type` member of a problem: a URN that ends in the name of the problem type. */
export function problemUrn(type: ProblemType): string {
  return `${prefix}${type}`;
}

/**
 * Creates the handler that turns every error into a problem response (RFC 9457). An unexpected error is logged with the
 * request's id and answered without a detail.
 */
export function createErrorHandler(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { type, options } = toProblem(error);
    if (problemTypes[type].status >= 500) request.log.error({ err: error, problem: type }, 'Request failed');
    // a response that has begun, such as an event stream, cannot become a problem response
    if (response.headersSent) return next(error);
    sendProblem(request, response, type, options);
  };
}

/** Sends a problem response. */
export function sendProblem(
  request: Request,
  response: Response,
  type: ProblemType,
  options: ProblemOptions,
): void {
  const { status, title } = problemTypes[type];
  const { detail, errors, retryAfter, headers, members } = options;
  request.problem = type;
  if (retryAfter !== undefined) response.set('Retry-After', `${Math.max(1, Math.ceil(retryAfter))}`);
  if (headers) response.set(headers);
  // drain the rest of a body that was refused before its end, so that the connection can be used again
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

/** Maps an error to its problem type and the details of this occurrence. */
export function toProblem(error: unknown): { type: ProblemType; options: ProblemOptions } {
  if (error instanceof ProblemError) return error;
  const refusal = refusalOf(error);
  if (refusal) return { type: refusal.type, options: optionsOf(refusal) };
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return { type: 'not-answered-yet', options: { retryAfter: 2 } };
  if (error instanceof BusyError) return { type: 'unavailable', options: { retryAfter: 3 } };
  if (isUnavailable(error)) return { type: 'unavailable', options: { retryAfter: 5 } };
  return toParserProblem(error) ?? { type: 'unexpected', options: {} };
}

function optionsOf({ type, message, details }: Refusal): ProblemOptions {
  const { field } = problemTypes[type];
  return {
    detail: message,
    members: details,
    ...(field ? { errors: [{ ...field, detail: message }] } : {}),
  };
}

const connectionErrorCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Messages of the driver about a connection that was lost, or that it waited for in vain. */
const connectionErrors =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * Recognizes errors of Temporal or Postgres while either is down, starting, stopping, out of connections,
 * deadlocked, or over a limit of time.
 */
function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof ServiceError || isGrpcServiceError(error)) return true;
  const { code, message, cause, errors } = error as Record<string, unknown>;
  if (
    connectionErrorCodes.has(String(code)) ||
    /^(08...|57014|57P0[1-5]|53300|40P01|40001|55P03|25P0[34])$/.test(String(code))
  )
    return true;
  if (connectionErrors.test(String(message))) return true;
  // a failed connection to a host with several addresses is an AggregateError
  return isUnavailable(cause) || (Array.isArray(errors) && errors.some(isUnavailable));
}

/** Maps the errors of Express's parsers and router, by their `type` or `status`. */
function toParserProblem(error: unknown): { type: ProblemType; options: ProblemOptions } | undefined {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  if (type === 'entity.parse.failed') return { type: 'malformed-json', options: {} };
  if (status === 413) return { type: 'too-large', options: {} };
  if (status === 415) return { type: 'unsupported-media-type', options: {} };
  if (status === 404) return { type: 'not-found', options: {} };
  return typeof status === 'number' && status >= 400 && status < 500
    ? { type: 'malformed-request', options: {} }
    : undefined;
}
