import { newSamplePeople } from '../../end-to-end/onboarded-agents.ts';

/** Names that nobody else in the tests has. */
const names = [
  ['Quillon', 'Zarkwood'],
  ['Brennix', 'Ovalthorpe'],
  ['Yselda', 'Pumquist'],
] as const;

const phones = ['+16025550161', '+14805550162', '+15205550163'] as const;
const zips = ['85016', '85282', '85719'] as const;

/** Three agents to onboard with their own log-ins, and one who cannot be reached. */
export function markedAgents() {
  const { onboarded, invited } = newSamplePeople();
  const agents = onboarded.map((person, index) => {
    const [firstName = '', lastName = ''] = names[index] ?? [];
    return {
      ...person,
      firstName,
      lastName,
      email: `${firstName}.${lastName}@marked-agents.example`.toLowerCase(),
      username: `handle.${lastName}`.toLowerCase(),
      password: `Vx9!${lastName.slice(0, 4)}-Secret${lastName.length}`,
      phone: phones[index] ?? '',
      zip: zips[index] ?? '',
    };
  });
  const unreachable = {
    ...invited,
    firstName: 'Torvald',
    lastName: 'Gimblefax',
    email: 'torvald.gimblefax@marked-agents.example',
  };
  return { agents, unreachable };
}

export type MarkedAgent = ReturnType<typeof markedAgents>['agents'][number];

export const consumers = [
  { name: 'Wilhelmine Xanthrop', phone: '+16025550171', email: 'mina.xanthrop@marked.example', zip: '85018' },
  { name: 'Obadiah Krellmont', phone: '+16025550172', email: 'obie.krellmont@marked.example', zip: '85020' },
] as const;

/** Personal data of nobody, for invalid requests and bad rows of feeds. */
export const invalidInput = {
  name: 'Fenwick Juxtaposky',
  email: 'fenwick.juxtaposky@marked.example',
  phone: '+16025550188',
  zip: '85099',
  username: 'handle.juxtaposky',
  password: 'Kp4!Juxta-Hidden',
  ssn: '912-70-4488',
} as const;

/** Every text that identifies these people. The test adds their tokens and cookies. */
export function marksOf({ agents, unreachable }: ReturnType<typeof markedAgents>): string[] {
  const { firstName, lastName, email } = unreachable;
  return [
    ...agents.flatMap((agent) => [
      agent.firstName,
      agent.lastName,
      agent.email,
      agent.username,
      agent.password,
      agent.phone,
      agent.zip,
    ]),
    firstName,
    lastName,
    email,
    ...consumers.flatMap(({ name, phone, email: address, zip }) => [...name.split(' '), phone, address, zip]),
    ...invalidInput.name.split(' '),
    ...Object.values(invalidInput),
  ].filter((mark, index, all) => all.indexOf(mark) === index);
}
