import type { FailureType } from '../../domain/failures.ts';
import type { FieldError } from '../schemas/problem.ts';

interface ProblemDefinition {
  status: number;
  title: string;
  /** Where a refusal is about one field, that field: it is then answered like any other failed field. */
  field?: { pointer: string; code: string };
}

/** What each refusal of the domain is at the door. */
const refusalProblems: Readonly<Record<FailureType, ProblemDefinition>> = {
  'not-found': { status: 404, title: 'There is nothing here for you' },
  'invitation-expired': { status: 410, title: 'The invitation has expired' },
  'invitation-ended': { status: 404, title: 'The invitation can no longer be used' },
  'already-registered': { status: 409, title: 'This invitation was already used' },
  'not-eligible': { status: 409, title: 'The conditions for taking part are not met now' },
  'username-taken': {
    status: 422,
    title: 'The username is taken',
    field: { pointer: '/username', code: 'taken' },
  },
  'terms-version': {
    status: 422,
    title: 'This is not the version in force',
    field: { pointer: '/version', code: 'not-in-force' },
  },
  'offer-ended': { status: 409, title: 'The offer has ended' },
  'registration-busy': { status: 409, title: 'A registration with this link is being taken in' },
  'offer-busy': { status: 409, title: 'The offer is being decided' },
  'not-allowed-now': { status: 409, title: 'This is not allowed now' },
  'referral-ended': { status: 409, title: 'The referral has ended' },
  'already-open': { status: 409, title: 'There is an open request already' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'feed-header-differs': { status: 422, title: 'The header of the file is not that of the feed' },
  'feed-truncated': { status: 422, title: 'The file is not complete' },
  'feed-mostly-bad': { status: 422, title: 'Too many rows of the file cannot be read' },
  'feed-removes-too-much': { status: 422, title: 'The file would remove too many rows' },
  'feed-holds-ssn': { status: 422, title: 'The file seems to hold Social Security Numbers' },
};

/** What the door itself refuses. */
const requestProblems = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'idempotency-key-missing': { status: 400, title: 'A request for help carries an Idempotency-Key' },
  'not-authenticated': { status: 401, title: 'We do not know who you are' },
  'log-in-failed': { status: 401, title: 'The username or the password is wrong' },
  forbidden: { status: 403, title: 'This is not yours to do' },
  'not-signed': { status: 403, title: 'The message does not carry the signature that it has to' },
  'foreign-origin': { status: 403, title: 'The request comes from another site' },
  'code-expired': { status: 410, title: 'The code can no longer be used' },
  'account-changed': { status: 409, title: 'Another account is logged in by now' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has another type than this address takes' },
  'invalid-fields': { status: 422, title: 'Some fields need another value' },
  'state-marketplace': { status: 422, title: 'The state runs its own marketplace' },
  'intake-paused': { status: 409, title: 'We take no new requests from this state at the moment' },
  'too-many-requests': { status: 429, title: 'Too many requests; try again later' },
  unexpected: { status: 500, title: 'Something went wrong on our side' },
  'not-answered-yet': { status: 503, title: 'It may still be recorded; repeat the request' },
  unavailable: { status: 503, title: 'We cannot answer right now; repeat the request' },
} as const satisfies Record<string, ProblemDefinition>;

/** Every kind of problem by its name, which is the last part of its `type` and stays what it is. */
export const problemTypes: Readonly<Record<FailureType | keyof typeof requestProblems, ProblemDefinition>> = {
  ...refusalProblems,
  ...requestProblems,
};
export type ProblemType = keyof typeof problemTypes;

/** What one occurrence adds to its kind. */
export interface ProblemOptions {
  /** What happened, in words without personal data. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Seconds after which a repeat makes sense. */
  retryAfter?: number;
  headers?: Readonly<Record<string, string>>;
  /** Members of this type of its own, such as `at`. */
  members?: Readonly<Record<string, unknown>>;
}

/** Thrown anywhere in a door's code; `errors.ts` writes the answer. */
export class ProblemError extends Error {
  readonly type: ProblemType;
  readonly options: ProblemOptions;

  constructor(type: ProblemType, options: ProblemOptions = {}) {
    super(problemTypes[type].title);
    this.name = 'ProblemError';
    this.type = type;
    this.options = options;
  }
}

/** Ends a request with a problem. */
export function fail(type: ProblemType, options: ProblemOptions = {}): never {
  throw new ProblemError(type, options);
}
