import { type FieldError, type Problem, problem as problemSchema } from '../../../api/schemas/problem.ts';

/** What a call came to when it was no success: the API's own problem, or that nobody answered (`unreachable`). */
export class ApiProblem extends Error {
  readonly status: number;
  /** The stable name of the problem, the last part of its `type`; `unreachable` when nobody answered. */
  readonly kind: string;
  readonly errors: readonly FieldError[];
  /** When what was asked about had ended. */
  readonly at: Date | undefined;
  /** After how many milliseconds a repeat makes sense; undefined where it does not. */
  readonly retryAfterMs: number | undefined;
  /** The members that only this kind of problem has. */
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

/** Nobody answered: no network, or the service is away. Every command of ours may be repeated. */
export function unreachableProblem(): ApiProblem {
  return new ApiProblem({ type: 'unreachable', title: 'Nobody answered', status: 503 }, 1_000);
}

/** Reads the problem of an answer; an answer of something in between, such as a proxy, gets one by its status. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const known = problemSchema.safeParse(body);
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
  // 429 says when the limit is over, which is for a person to wait for; 503 asks for the same again
  const retryAfterMs = response.status === 502 || response.status >= 503 ? (waitMs ?? 2_000) : undefined;
  if (known.success) return new ApiProblem(known.data, retryAfterMs);
  const { status } = response;
  return new ApiProblem(
    { type: 'unexpected', title: `The service answered ${status}`, status },
    retryAfterMs,
  );
}

/** What an unknown error is as a problem. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : unreachableProblem();
}
