import type { NamedAgent } from './agents.ts';

/** An agent of the sample data with the values that they register with. */
export type SamplePerson = NamedAgent & {
  username: string;
  phone: string;
  zip: string;
  contactPreference: 'email-text-app' | 'email-text' | 'email-app' | 'email';
};

const person = (
  npn: string,
  firstName: string,
  lastName: string,
  more: Omit<SamplePerson, 'npn' | 'firstName' | 'lastName' | 'email' | 'username' | 'newToMarketplace'>,
): SamplePerson => ({
  npn,
  firstName,
  lastName,
  email: `${firstName}.${lastName}@example.com`.toLowerCase(),
  username: `${firstName}.${lastName}`.toLowerCase(),
  newToMarketplace: false,
  ...more,
});

/** Three agents in Arizona who register, and one who does not answer the invitation. */
export const samplePeople = {
  onboarded: [
    person('2000001', 'Rosa', 'Delgado', {
      languages: ['English', 'Spanish'],
      states: ['AZ', 'TX'],
      phone: '+16025550101',
      zip: '85004',
      contactPreference: 'email-text-app',
    }),
    person('2000002', 'Marcus', 'Whitfield', {
      languages: ['English'],
      states: ['AZ'],
      phone: '+14805550102',
      zip: '85281',
      contactPreference: 'email-text',
    }),
    person('2000003', 'Linh', 'Tran', {
      languages: ['English', 'Vietnamese'],
      states: ['AZ', 'FL'],
      phone: '+15205550103',
      zip: '85705',
      contactPreference: 'email-text',
    }),
  ],
  invited: person('2000004', 'Dana', 'Brook', {
    languages: ['English', 'Spanish'],
    states: ['AZ'],
    phone: '+14805550104',
    zip: '85201',
    contactPreference: 'email',
  }),
} as const;

const newcomer = (
  npn: string,
  firstName: string,
  lastName: string,
  more: Partial<SamplePerson> = {},
): SamplePerson => ({
  ...person(npn, firstName, lastName, {
    languages: ['English'],
    states: ['AZ'],
    phone: `+1602555${npn.slice(-4)}`,
    zip: '85016',
    contactPreference: 'email-text',
  }),
  newToMarketplace: true,
  ...more,
});

/** Agents of the last 30 days whom nobody can log in as: each is stuck in another way, for days. */
export const stuckPeople = {
  withoutCoursework: newcomer('2000105', 'Priya', 'Raman', { failing: 'help-on-demand-coursework' }),
  withoutHealthLine: newcomer('2000106', 'Caleb', 'Stone', { failing: 'licensed-with-health-line' }),
  withExpiredLink: newcomer('2000107', 'Ines', 'Moreno', { languages: ['English', 'Spanish'] }),
  withReturnedMail: newcomer('2000108', 'Theo', 'Lindgren'),
  withoutTerms: newcomer('2000109', 'Walt', 'Becker'),
  /** Helped consumers until ops put them on hold; a reply of theirs to a text was not understood. */
  onHold: newcomer('2000110', 'June', 'Park', { languages: ['English', 'Korean'] }),
} as const;
