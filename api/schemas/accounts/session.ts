import { z } from 'zod';
import { roles } from '../../../domain/accounts/roles.ts';
import { id, instant, npn, singleLineText, typedText } from '../fields.ts';
import { authenticationResponse } from './passkeys.ts';
import { secondFactorCode } from './second-factor.ts';

/** `POST /v1/session` */
export const logInBody = z
  .strictObject({
    username: singleLineText(64),
    password: typedText(1024).min(1),
    code: secondFactorCode.optional(),
  })
  .meta({ id: 'LogIn' });
export type LogInBody = z.infer<typeof logInBody>;

/** `POST /v1/session/confirmation` */
export const confirmationBody = z
  .union([
    z.strictObject({ password: typedText(1024).min(1), code: secondFactorCode.optional() }),
    z.strictObject({ credential: authenticationResponse }),
  ])
  .meta({
    id: 'Confirmation',
    description:
      'What a log-in asks for: the password, with a code if there is a second factor; or a passkey',
  });
export type ConfirmationBody = z.infer<typeof confirmationBody>;

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
    terminated: z.boolean().meta({
      description:
        'The agent is terminated for cause: only `GET /v1/me/onboarding` answers, all else is 403 `terminated`',
    }),
    mustAddSecondFactor: z.boolean().meta({
      description:
        'The account has to add a passkey or an authenticator app: all else is 403 `second-factor-missing`',
    }),
    mustReplacePassword: z.boolean().meta({
      description: 'The password was generated and has to be replaced: all else is 403 `generated-password`',
    }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

/** `GET /v1/me/sessions` */
export const sessionList = z
  .strictObject({
    sessions: z.array(
      z.strictObject({
        id,
        isCurrent: z.boolean().meta({ description: 'The session of this request' }),
        createdAt: instant,
        usedAt: instant.meta({ description: 'Last use, to the minute' }),
        endsAt: instant.meta({ description: 'When it ends, however much it is used' }),
        network: z.string().nullable().meta({
          description: 'Where it was opened: an IPv4 address or the /56 block of an IPv6 address',
        }),
        browser: z.string().nullable().meta({ description: 'Such as Firefox on Windows' }),
      }),
    ),
  })
  .meta({ id: 'SessionList', description: 'Where the account is logged in, used last first' });
export type SessionList = z.infer<typeof sessionList>;
