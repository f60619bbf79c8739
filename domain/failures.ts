import { ActivityFailure, ApplicationFailure, type TemporalFailure } from '@temporalio/common';

/** Types of expected refusals. Only `api/http/errors.ts` turns one into an HTTP response. */
export const failureTypes = [
  'not-found',
  'invitation-expired',
  'invitation-ended',
  'already-registered',
  'registration-busy',
  'not-eligible',
  'username-taken',
  'terms-version',
  'offer-ended',
  'offer-busy',
  'not-allowed-now',
  'referral-ended',
  'idempotency-key-reused',
  'already-open',
  'feed-header-differs',
  'feed-truncated',
  'feed-mostly-bad',
  'feed-removes-too-much',
  'feed-holds-ssn',
] as const;

export type FailureType = (typeof failureTypes)[number];

/** A refusal as its receiver reads it: type, message, and the ids or instants that explain it. */
export interface Refusal {
  type: FailureType;
  message: string;
  details: Record<string, unknown>;
}

/**
 * Refuses a command for good. Thrown in an activity, an update handler or a validator, the refusal is not retried and
 * reaches the caller.
 * @param message a sentence without personal data
 * @param details ids, codes and instants only
 * @throws ApplicationFailure, always
 */
export function refuse(type: FailureType, message: string, details: Record<string, unknown> = {}): never {
  throw ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

/** Finds the refusal inside an error, however deeply it is wrapped; undefined for an unexpected error. */
export function refusalOf(error: unknown): Refusal | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      const [details] = (cause.details ?? []) as [Record<string, unknown>?];
      return { type: cause.type, message: cause.message, details: details ?? {} };
    }
  }
  return undefined;
}

/** Rethrows an activity's refusal as the failure of the update itself. For workflows. */
export function rethrowRefusal(error: unknown): never {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) throw error.cause;
  throw error as TemporalFailure;
}

function isFailureType(type: string | undefined | null): type is FailureType {
  return failureTypes.includes(type as FailureType);
}
