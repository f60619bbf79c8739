import { z } from 'zod';
import { roles } from '../../../domain/accounts/roles.ts';
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
 * Request header with the `accountId` of the session that the page was opened with. A request without it acts for the
 * account that is logged in now.
 */
export const accountHeader = 'Account-Id';

/**
 * The account that is logged in. `accountId` is the value for the header `Account-Id`; only agents have `npn` and
 * `firstName`.
 */
export const session = z
  .strictObject({
    accountId: z.uuid(),
    username: z.string(),
    role: z.enum(roles),
    npn: npn.nullable(),
    firstName: z.string().nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
