import { z } from 'zod';
import { type PasswordFault, passwordFaults } from '../../../domain/accounts/password.ts';
import {
  cleanUsername,
  type UsernameFault,
  usernameFault,
  usernamePattern,
} from '../../../domain/accounts/username.ts';
import { onboardingStages } from '../../../domain/stages.ts';
import { contactPreference, npn, planYear, singleLineText, token, typedText } from '../fields.ts';
import { typedPhone, typedZip } from '../typed-fields.ts';

/** Error details of the password rules (docs/guide.md). */
export const passwordFaultDetails: Readonly<Record<PasswordFault, string>> = {
  'too-short': 'A password must have at least 8 characters.',
  'too-long': 'A password can have at most 128 characters.',
  'no-upper-case': 'A password must contain an upper case letter.',
  'no-lower-case': 'A password must contain a lower case letter.',
  'no-digit': 'A password must contain a number.',
  'no-special': 'A password must contain a special character.',
  space: 'A password cannot contain spaces.',
  repeated: 'A password can have at most three identical characters in a row.',
  sequence: 'A password can have at most three characters in sequence, such as abc or 321.',
  common: 'This password is common, or made of words of this service.',
  personal:
    'A password cannot contain your name, email address, username or NPN, unless it has 12 other characters.',
};

/** A new password. Each broken rule is an issue of its own, with the rule as its code. */
export const newPassword = typedText(1024)
  .superRefine((password, context) => {
    for (const code of passwordFaults(password))
      context.addIssue({ code: 'custom', message: passwordFaultDetails[code], params: { code } });
  })
  .meta({
    description:
      '8 to 128 characters with an upper and a lower case letter, a number and a special character, without ' +
      'spaces, with at most three identical characters in a row and at most three in sequence',
    example: 'Harbor!Lantern7',
  });

/** Error details of usernames whose characters are valid. */
export const usernameFaultDetails: Readonly<Record<UsernameFault, string>> = {
  'like-an-address': 'A username cannot be an email or web address.',
  reserved: 'This name is reserved for the operators of the service.',
};

/** A username to be given to somebody; outer spaces are removed. */
export const typedUsername = z.string().overwrite(cleanUsername).regex(usernamePattern, {
  error: 'A username has 3 to 64 letters, digits or . _ - +, and begins with a letter or digit',
  // one that is too long is not read further
  abort: true,
});

/** The username that an agent chooses. */
export const newUsername = typedUsername
  .superRefine((username, context) => {
    const code = usernameFault(username);
    if (code) context.addIssue({ code: 'custom', message: usernameFaultDetails[code], params: { code } });
  })
  .meta({
    description:
      'The name to log in with: 3 to 64 letters, digits or . _ - +, not case-sensitive. Email and web addresses and ' +
      'names reserved for the operators of the service are refused',
    example: 'ana.reyes',
  });

/** `POST /v1/registrations` */
export const registration = z
  .strictObject({
    token,
    username: newUsername,
    password: newPassword,
    phone: typedPhone,
    contactPreference,
    zip: typedZip,
    termsOfUseVersion: singleLineText(50),
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof registration>;

export const registrationResult = z
  .strictObject({ npn, planYear, stage: z.enum(onboardingStages), loginUrl: z.string() })
  .meta({ id: 'RegistrationResult' });
export type RegistrationResult = z.infer<typeof registrationResult>;
