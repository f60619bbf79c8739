import type { PlainDate, RegistrationRow, TrainingRow } from './evidence.ts';

/** Detailed reasons of unmet conditions. The sentence catalog says what an agent can do about each. */
export const unmetReasons = [
  'not-on-list',
  'missing',
  'ended',
  'not-begun',
  'no-training-record',
  'agreements-missing',
  'before-agreements',
  'stated-invalid',
  'not-stated',
  'license-not-found',
  'line-unknown',
  'line-inactive',
  'license-expired',
  'license-inactive',
  'no-health-line',
  'no-resident-license',
  'not-on-healthcare-gov',
] as const;
export type UnmetReason = (typeof unmetReasons)[number];

/** Explains why a registration is not in force on a day. A past end says more than a missing date. */
export function unmetRegistrationReason(
  today: PlainDate,
  registration: RegistrationRow | undefined,
): UnmetReason {
  if (!registration) return 'not-on-list';
  if (registration.endsOn && registration.endsOn < today) return 'ended';
  return registration.completedOn ? 'not-begun' : 'missing';
}

/** Explains why a step of the training does not count: it has no date, or a date in the future. */
export function unmetTrainingReason(
  training: TrainingRow | undefined,
  date: PlainDate | null | undefined,
): UnmetReason {
  if (!training) return 'no-training-record';
  return date ? 'not-begun' : 'missing';
}

/** Explains why the coursework does not count on a day. It opens with the agreements, so they are checked first. */
export function unmetCourseworkReason(today: PlainDate, training: TrainingRow | undefined): UnmetReason {
  const { cmsAgreementsSignedOn: agreements, courseworkCompletedOn: coursework } = training ?? {};
  if (training && !(agreements && agreements <= today)) return 'agreements-missing';
  if (agreements && coursework && coursework < agreements) return 'before-agreements';
  return unmetTrainingReason(training, coursework);
}

/** Explains why an NPN is not valid: not listed, listed as invalid, or not stated and confirmed by no license. */
export function invalidNpnReason(registration: RegistrationRow | undefined): UnmetReason {
  if (!registration) return 'not-on-list';
  const stated = registration.npnValid === '-' ? registration.npnValidKept : registration.npnValid;
  return stated === 'N' ? 'stated-invalid' : 'not-stated';
}
