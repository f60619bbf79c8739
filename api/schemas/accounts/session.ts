import { z } from 'zod';
import { npn, singleLineText, typedText } from '../fields.ts';

/** `POST /v1/session` */
export const logInBody = z
  .strictObject({
    username: singleLineText(64),
    password: typedText(1024).min(1),
  })
  .meta({ id: 'LogIn' });
export type LogInBody = z.infer<typeof logInBody>;

/**
 * The request header that names the account that a page was opened for, by the `accountId` of its session. A call
 * without it is of whoever is logged in.
 */
export const accountHeader = 'Account-Id';

/** Who is logged in. `accountId` is what the header `Account-Id` names; `npn` and `firstName` are an agent's. */
export const session = z
  .strictObject({
    accountId: z.uuid(),
    username: z.string(),
    role: z.enum(['agent', 'ops']),
    npn: npn.nullable(),
    firstName: z.string().nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
