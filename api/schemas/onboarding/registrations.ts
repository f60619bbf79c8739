import { z } from 'zod';
import { type PasswordFault, passwordFaults } from '../../../domain/accounts/password.ts';
import { cleanUsername, type UsernameFault, usernameFault } from '../../../domain/accounts/username.ts';
import { onboardingStages } from '../../../domain/stages.ts';
import { contactPreference, npn, planYear, singleLineText, token, typedText } from '../fields.ts';
import { typedPhone, typedZip } from '../typed-fields.ts';

/** What each rule of the guide's password note says to somebody who broke it. */
export const passwordFaultDetails: Readonly<Record<PasswordFault, string>> = {
  'too-short': 'A password has at least 8 characters.',
  'too-long': 'A password has at most 128 characters.',
  'no-upper-case': 'A password has an upper case letter.',
  'no-lower-case': 'A password has a lower case letter.',
  'no-digit': 'A password has a number.',
  'no-special': 'A password has a special character.',
  space: 'A password has no spaces.',
  repeated: 'A password has at most three characters alike in a row.',
  sequence: 'A password has at most three characters in sequence, such as abc or 321.',
  common: 'This password is a common one, or made of this service’s own words.',
  personal: 'A password does not hold your name, email address, username or NPN.',
};

/** A password that is being chosen: every rule it breaks is an issue of its own, with the rule as its code. */
export const newPassword = typedText(1024)
  .superRefine((password, context) => {
    for (const code of passwordFaults(password))
      context.addIssue({ code: 'custom', message: passwordFaultDetails[code], params: { code } });
  })
  .meta({
    description:
      '8 to 128 characters with an upper and a lower case letter, a number and a special character, without ' +
      'spaces, with at most three alike in a row and at most three in sequence',
    example: 'Harbor!Lantern7',
  });

/** What a username is refused for although its characters are right. */
export const usernameFaultDetails: Readonly<Record<UsernameFault, string>> = {
  'like-an-address': 'A username is no email or web address.',
  reserved: 'This name is kept for those who run the service.',
};

/** A username that is being chosen; outer spaces are dropped. */
export const newUsername = z
  .string()
  .overwrite(cleanUsername)
  .regex(
    /^[A-Za-z0-9][\w.@+-]{2,63}$/,
    'A username has 3 to 64 letters, digits or . _ - +, and begins with a letter or digit',
  )
  .superRefine((username, context) => {
    const code = usernameFault(username);
    if (code) context.addIssue({ code: 'custom', message: usernameFaultDetails[code], params: { code } });
  })
  .meta({
    description:
      'The name to log in with: 3 to 64 letters, digits or . _ - +; case does not count. No address, and no name of ' +
      'those who run the service',
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
  .meta({ id: 'Registered' });
export type RegistrationResult = z.infer<typeof registrationResult>;
