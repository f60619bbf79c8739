import type { PushAnswer, PushReply } from '../../domain/notifications/push-payload.ts';
import type { WorkerScope } from './scope.ts';

interface Answered {
  /** Path of the API below `/v1/`, for the thing with this id. */
  path: (id: string) => string;
  body: object;
  /** What is said when it succeeded. */
  reply: PushReply;
}

const answers: Readonly<Record<PushAnswer, Answered>> = {
  accept: { path: (id) => `offer-links/${id}/acceptance`, body: {}, reply: 'accepted' },
  // a reply by text gives no reason either
  decline: { path: (id) => `offer-links/${id}/decline`, body: { reason: 'other' }, reply: 'declined' },
  confirm: { path: (id) => `test-offer-links/${id}/confirmation`, body: {}, reply: 'confirmed' },
};

/** Milliseconds before an answer that did not get through is sent again. Each is idempotent, so a repeat does no harm. */
const againAfterMs = [1_000, 3_000, 8_000];

/**
 * Sends an answer by the token in the address of a push, without the session: whoever holds the phone may be logged out.
 * @param link `/offer/{id}#{token}` or `/test-offer/{id}#{token}`
 */
export async function sendAnswer(
  { fetch, location }: Pick<WorkerScope, 'fetch' | 'location'>,
  { link, action }: { link: string; action: PushAnswer },
): Promise<PushReply> {
  const { pathname, hash } = new URL(link, location.origin);
  const { path, body, reply } = answers[action];
  const url = `/v1/${path(pathname.split('/')[2] ?? '')}`;
  const request = {
    method: 'POST',
    headers: { Authorization: `Bearer ${hash.slice(1)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
  } as const;
  for (const pauseMs of [...againAfterMs, undefined]) {
    const response = await fetch(url, request).catch(() => undefined);
    const said = response && (await replyOf(response, reply));
    if (said) return said;
    if (pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return 'unsent';
}

/** Undefined: the service asks for a repeat. */
async function replyOf(response: Response, success: PushReply): Promise<PushReply | undefined> {
  const said = (await response.json().catch(() => ({}))) as {
    type?: string;
    end?: string;
    answeredAt?: string | null;
  };
  // a test offer that is over is no error
  if (response.ok) return said.answeredAt === null ? 'over' : success;
  if (response.status >= 500 || response.status === 429 || said.type?.endsWith('offer-busy'))
    return undefined;
  return said.end === 'taken' ? 'taken' : 'over';
}
