import type { Request } from 'express';
import { type AgentPhone, enterPhoneCode, readAgentPhone } from '../../../store/agents/phone-codes.ts';
import { sendPhoneCode } from '../../../store/agents/phones.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { type Route, route } from '../../http/route.ts';
import {
  phoneCodeSent,
  phoneConfirmed,
  phoneResponse,
  phoneVerification,
} from '../../schemas/agents/phones.ts';

/** Routes for the agent's phone and the code that confirms it. */
export function phoneRoutes({ db, settings, now }: Deps, limiter: RateLimiter): Route[] {
  const { policy, linkSecret } = settings;
  return [
    route({
      key: 'GET /v1/me/phone',
      summary: 'Get the agent’s phone and the state of its confirmation',
      responses: { 200: { description: 'The phone', schema: phoneResponse } },
      handle: async ({ caller }) => {
        const { confirmedAt, codeExpiresAt, ...rest } = await readPhone(caller.npn);
        const instants = { confirmedAt: isoOrNull(confirmedAt), codeExpiresAt: isoOrNull(codeExpiresAt) };
        return { status: 200, body: { ...rest, ...instants } };
      },
    }),
    route({
      key: 'POST /v1/me/phone/verification',
      summary: 'Enter the code that was sent to the phone, or request a new one',
      description:
        'With `code`, the code is entered: 200 if it is right, 422 with `attemptsLeft` if it is wrong, 410 if it has ' +
        'expired or was tried too often. With `{}`, a new code is sent by text: 202. Entering the same right code again ' +
        'returns the same result.',
      body: phoneVerification,
      responses: {
        200: {
          description: 'The phone was confirmed with this code, now or earlier',
          schema: phoneConfirmed,
        },
        202: { description: 'A new code is being sent', schema: phoneCodeSent },
      },
      problems: ['code-expired', 'not-allowed-now', 'too-many-requests'],
      handle: async ({ body: { code }, caller: { npn }, request }) => {
        if (code === undefined) return { status: 202, body: { codeExpiresAt: await sendCode(npn, request) } };
        const { phone } = await readPhone(npn);
        return { status: 200, body: { phone, confirmedAt: await enterCode(npn, code) } };
      },
    }),
  ];

  async function readPhone(npn: string): Promise<AgentPhone> {
    const phone = await readAgentPhone(db, { npn, at: now(), maxAttempts: policy.phoneCodeTries });
    return phone ?? fail('not-found');
  }

  async function sendCode(npn: string, request: Request): Promise<string> {
    const { phone, confirmedAt } = await readPhone(npn);
    if (phone === null) fail('not-allowed-now', { detail: 'There is no phone to confirm.' });
    if (confirmedAt)
      fail('not-allowed-now', {
        detail: 'The phone is confirmed already.',
        members: { at: confirmedAt.toISOString() },
      });
    await limiter.count('phoneCodesByAgent', npn, request.res);
    const expiresAt = await db.transaction().execute((tx) => sendPhoneCode(tx, { npn, at: now(), policy }));
    return (
      expiresAt?.toISOString() ??
      fail('not-allowed-now', {
        detail: 'This phone gets no texts: it is not a cell phone, or texts to it are stopped.',
      })
    );
  }

  async function enterCode(npn: string, code: string): Promise<string> {
    const maxAttempts = policy.phoneCodeTries;
    // refuse after the commit, so that the count of wrong codes is kept
    const answer = await db
      .transaction()
      .execute((tx) => enterPhoneCode(tx, { npn, code, at: now(), maxAttempts, linkSecret }));
    switch (answer.was) {
      case 'right':
        return answer.confirmedAt.toISOString();
      case 'over':
        return fail('code-expired', { members: { at: answer.at?.toISOString() } });
      case 'wrong': {
        const { attemptsLeft } = answer;
        const errors = [{ pointer: '/code', code: 'wrong-code', detail: 'This is not the code we sent.' }];
        return fail('invalid-fields', { errors, members: { attemptsLeft } });
      }
    }
  }
}

const isoOrNull = (at: Date | null) => at?.toISOString() ?? null;
