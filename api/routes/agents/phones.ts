import { type AgentPhone, enterPhoneCode, readAgentPhone } from '../../../store/agents/phone-codes.ts';
import { sendPhoneCode } from '../../../store/agents/phones.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { type Route, route } from '../../http/route.ts';
import {
  phoneCodeSent,
  phoneConfirmed,
  phoneResponse,
  phoneVerification,
} from '../../schemas/agents/phones.ts';

/** The agent's phone, and the code that confirms it. */
export function phoneRoutes({ db, settings, now }: Deps, limiter: RateLimiter): Route[] {
  const { policy, linkSecret } = settings;
  return [
    route({
      key: 'GET /v1/me/phone',
      summary: 'The agent’s phone, and how far its confirmation is',
      responses: { 200: { description: 'The phone', schema: phoneResponse } },
      handle: async ({ caller }) => {
        const { confirmedAt, codeExpiresAt, ...own } = await readPhone(caller.npn);
        const instants = { confirmedAt: isoOrNull(confirmedAt), codeExpiresAt: isoOrNull(codeExpiresAt) };
        return { status: 200, body: { ...own, ...instants } };
      },
    }),
    route({
      key: 'POST /v1/me/phone/verification',
      summary: 'Enter the code that was sent to the phone, or have another one sent',
      description:
        'With `code`, the code is entered: 200, 422 with `attemptsLeft` where it is wrong, 410 where it can no longer ' +
        'be used. With `{}` a new code is sent as a text: 202. The same right code again gets the first answer.',
      body: phoneVerification,
      responses: {
        200: { description: 'The phone is confirmed, now or before by this code', schema: phoneConfirmed },
        202: { description: 'A code is on its way', schema: phoneCodeSent },
      },
      problems: ['code-expired', 'not-allowed-now', 'too-many-requests'],
      handle: async ({ body: { code }, caller: { npn } }) => {
        if (code === undefined) return { status: 202, body: { codeExpiresAt: await send(npn) } };
        const { phone } = await readPhone(npn);
        return { status: 200, body: { phone, confirmedAt: await enter(npn, code) } };
      },
    }),
  ];

  async function readPhone(npn: string): Promise<AgentPhone> {
    const own = await readAgentPhone(db, { npn, at: now(), mostTries: policy.phoneCodeTries });
    return own ?? fail('not-found');
  }

  async function send(npn: string): Promise<string> {
    const { phone, confirmedAt } = await readPhone(npn);
    if (phone === null) fail('not-allowed-now', { detail: 'There is no phone to confirm.' });
    if (confirmedAt)
      fail('not-allowed-now', {
        detail: 'The phone is confirmed.',
        members: { at: confirmedAt.toISOString() },
      });
    await limiter.count('phoneCodesByAgent', npn);
    const expiresAt = await db.transaction().execute((tx) => sendPhoneCode(tx, { npn, at: now(), policy }));
    return (
      expiresAt?.toISOString() ??
      fail('not-allowed-now', {
        detail: 'No text reaches this phone: it is no cell phone, or texts are stopped.',
      })
    );
  }

  async function enter(npn: string, code: string): Promise<string> {
    const mostTries = policy.phoneCodeTries;
    // the count of a wrong code has to stay: the refusal comes after the commit
    const answer = await db
      .transaction()
      .execute((tx) => enterPhoneCode(tx, { npn, code, at: now(), mostTries, linkSecret }));
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
