import { ActivityFailure, ApplicationFailure, type TemporalFailure } from '@temporalio/common';

/** Every expected refusal of the service. `api/http/errors.ts` alone turns one into an HTTP answer. */
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

/** A refusal as it is read at the far end: its type, its sentence and the ids or instants that go with it. */
export interface Refusal {
  type: FailureType;
  message: string;
  details: Record<string, unknown>;
}

/**
 * Refuses for good: thrown in an activity, an update handler or a validator it is not retried and reaches the
 * person who asked. `message` is a sentence without personal data; `details` holds ids, codes and instants only.
 */
export function refuse(type: FailureType, message: string, details: Record<string, unknown> = {}): never {
  throw ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}

/** The refusal inside an error, however many failures it is wrapped in; undefined for anything unexpected. */
export function refusalOf(error: unknown): Refusal | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      const [details] = (cause.details ?? []) as [Record<string, unknown>?];
      return { type: cause.type, message: cause.message, details: details ?? {} };
    }
  }
  return undefined;
}

/** In a workflow: throws on what an activity refused, as the update's own failure rather than an activity's. */
export function rethrowRefusal(error: unknown): never {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) throw error.cause;
  throw error as TemporalFailure;
}

function isFailureType(type: string | undefined | null): type is FailureType {
  return failureTypes.includes(type as FailureType);
}
