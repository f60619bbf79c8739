import type { FailureType } from '../../domain/failures.ts';
import type { FieldError } from '../schemas/problem.ts';

interface ProblemDefinition {
  status: number;
  title: string;
  /** The field that the refusal is about, if it is one: it is then listed in `errors` like any failed field. */
  field?: { pointer: string; code: string };
}

/** Problem type of each refusal of the domain (`domain/failures.ts`). */
const refusalProblems: Readonly<Record<FailureType, ProblemDefinition>> = {
  'not-found': { status: 404, title: 'Not found' },
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
  'registration-busy': { status: 409, title: 'A registration with this link is in progress' },
  'offer-busy': { status: 409, title: 'Another answer to the offer is in progress' },
  'not-allowed-now': { status: 409, title: 'This is not allowed now' },
  'referral-ended': { status: 409, title: 'The referral has ended' },
  'already-open': { status: 409, title: 'Another request is already open' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'feed-header-differs': { status: 422, title: 'The header of the file does not match the feed' },
  'feed-truncated': { status: 422, title: 'The file is not complete' },
  'feed-mostly-bad': { status: 422, title: 'Too many rows of the file cannot be read' },
  'feed-removes-too-much': { status: 422, title: 'The file would remove too many rows' },
  'feed-holds-ssn': { status: 422, title: 'The file seems to contain Social Security numbers' },
};

/** Problem types that only the API has. */
const requestProblems = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'idempotency-key-missing': { status: 400, title: 'A request for help needs an Idempotency-Key' },
  'not-authenticated': { status: 401, title: 'Authentication is required' },
  'log-in-failed': { status: 401, title: 'The username or the password is wrong' },
  'second-factor-required': { status: 401, title: 'The log-in needs a second factor' },
  'second-factor-failed': { status: 401, title: 'The code is wrong, or was used before' },
  'passkey-refused': { status: 401, title: 'The passkey was not accepted' },
  forbidden: { status: 403, title: 'You are not allowed to do this' },
  terminated: { status: 403, title: 'The agent is terminated for cause; only the reason can be read' },
  're-authentication-required': { status: 403, title: 'Confirm who you are first, then repeat the request' },
  'second-factor-missing': { status: 403, title: 'The account has to add a second factor first' },
  'generated-password': { status: 403, title: 'The account has to replace its generated password first' },
  'not-signed': { status: 403, title: 'The message has no valid signature' },
  'foreign-origin': { status: 403, title: 'The request comes from another site' },
  'link-expired': { status: 410, title: 'The link has expired' },
  'code-expired': { status: 410, title: 'The code can no longer be used' },
  'notes-changed': { status: 409, title: 'Other notes were saved meanwhile' },
  'account-changed': { status: 409, title: 'Another account is logged in now' },
  'method-not-allowed': { status: 405, title: 'This path does not support this method' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'This path does not accept this content type' },
  'invalid-fields': { status: 422, title: 'Some fields are not valid' },
  'state-marketplace': { status: 422, title: 'The state runs its own marketplace' },
  'intake-paused': { status: 409, title: 'We take no new requests from this state at the moment' },
  'too-many-requests': { status: 429, title: 'Too many requests; try again later' },
  unexpected: { status: 500, title: 'Something went wrong on our side' },
  'not-answered-yet': { status: 503, title: 'No answer yet; the request may still take effect. Repeat it' },
  unavailable: { status: 503, title: 'We cannot answer right now; repeat the request' },
} as const satisfies Record<string, ProblemDefinition>;

/** Every problem type by name. The name ends the `type` URN of a response and is stable. */
export const problemTypes: Readonly<Record<FailureType | keyof typeof requestProblems, ProblemDefinition>> = {
  ...refusalProblems,
  ...requestProblems,
};
export type ProblemType = keyof typeof problemTypes;

/** Details of one occurrence of a problem. */
export interface ProblemOptions {
  /** Explanation without personal data. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Seconds until a retry makes sense. */
  retryAfter?: number;
  headers?: Readonly<Record<string, string>>;
  /** Extra members of this problem type, such as `at`. */
  members?: Readonly<Record<string, unknown>>;
}

/** Ends a request from anywhere in the API; `errors.ts` sends the response. */
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
