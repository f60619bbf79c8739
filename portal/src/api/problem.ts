import type { FieldError, Problem } from '../../../api/schemas/problem.ts';

/** Error of a failed call: a problem from the API, or `unreachable` when there was no answer. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable name of the problem, the last part of its `type`; `unreachable` when there was no answer. */
  readonly kind: string;
  readonly errors: readonly FieldError[];
  /** Time at which the subject of the call ended, if the API says so. */
  readonly at: Date | undefined;
  /** Milliseconds until a retry makes sense; undefined if it does not. */
  readonly retryAfterMs: number | undefined;
  /** All members of the problem, including those that only this kind has. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.kind = problem.type.split(':').at(-1) ?? problem.type;
    this.errors = problem.errors ?? [];
    this.at = problem.at === undefined ? undefined : new Date(problem.at);
    this.retryAfterMs = retryAfterMs;
    this.members = problem;
  }
}

/** The same problem, after which the call is not repeated by itself. */
export function withoutRepeat({ members }: ApiProblem): ApiProblem {
  return new ApiProblem(members as Problem);
}

/** Problem of a call without an answer: no network, or the service is down. Every call may be repeated. */
export function unreachableProblem(): ApiProblem {
  return new ApiProblem({ type: 'unreachable', title: 'Nobody answered', status: 503 }, 1_000);
}

/**
 * Problem of a call whose answer has not come in time. A write may have been saved all the same: the person is told so, and
 * may send it again, which saves nothing twice.
 */
export function noAnswerProblem(method: string): ApiProblem {
  const type = method === 'GET' ? 'no-answer' : 'not-answered-yet';
  return new ApiProblem({ type, title: 'The answer has not come in time', status: 503 });
}

/** Reads the problem from a response. A response that is not from the API, such as a proxy's, gets one by its status. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
  // a 429 is not retried: its limit can last minutes, and the person is asked to wait
  const retryAfterMs = response.status === 502 || response.status >= 503 ? (waitMs ?? 2_000) : undefined;
  if (isProblem(body)) return new ApiProblem(body, retryAfterMs);
  const { status } = response;
  return new ApiProblem(
    { type: 'unexpected', title: `The service answered ${status}`, status },
    retryAfterMs,
  );
}

/** Tells our problems from what a proxy answers. Checked by hand: pages without forms load no schemas. */
function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { type, title, status, errors = [] } = body as Partial<Record<keyof Problem, unknown>>;
  return (
    typeof type === 'string' &&
    typeof title === 'string' &&
    typeof status === 'number' &&
    Array.isArray(errors)
  );
}

/** Converts any error to a problem. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : unreachableProblem();
}
