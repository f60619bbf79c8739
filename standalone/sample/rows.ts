import type { FeedKind } from '../../domain/onboarding/evidence.ts';
import type { SampleAgent } from './agents.ts';
import { type Day, dayOf, formatDay, planYearsOn } from './days.ts';
import { entityLicense, type License } from './licenses.ts';
import { randomOf } from './random.ts';
import type { AgentYear } from './years.ts';

/** Builds the rows of one agent in one feed, with fields in the order of the header. */
export type RowsOf = (agent: SampleAgent, asOf: Day) => string[][];

/** The function that builds an agent's rows, by feed. */
export const rowsOf: Readonly<Record<FeedKind, RowsOf>> = {
  'registration-completions': (agent, asOf) => [
    ...agent.years
      .filter((year) => year.registeredOn !== undefined)
      .map((year) => registrationRow(agent, year)),
    ...agencyRegistrationRow(agent, asOf),
  ],
  terminations: ({ npn, terminations }) =>
    terminations.map((row) => [
      npn,
      row.status,
      row.marketplaces,
      String(row.planYear),
      formatDay(row.registeredOn),
      formatDay(row.datedOn),
    ]),
  'training-completions': (agent) => agent.years.map((year) => trainingRow(agent, year)),
  licenses: (agent, asOf) => [
    ...licenseRows(agent.paddedIn.licenses ? agent.npn.padStart(10, '0') : agent.npn, agent.licenses),
    ...agencyLicenseRows(agent, asOf),
  ],
};

function registrationRow(
  { npn, paddedIn }: SampleAgent,
  { planYear, registeredOn, endsOn, shop, npnValid }: AgentYear,
): string[] {
  const individual = shop === 'only' ? ['', ''] : [formatDay(registeredOn), formatDay(endsOn)];
  const small = shop === 'none' ? ['', ''] : [formatDay(registeredOn), formatDay(dayOf(planYear, 12, 31))];
  return [paddedIn.list ? npn.padStart(10, '0') : npn, String(planYear), ...individual, ...small, npnValid];
}

function trainingRow(agent: SampleAgent, year: AgentYear): string[] {
  return [
    agent.npn,
    String(year.planYear),
    agent.firstName,
    agent.lastName,
    agent.email,
    agent.languages.join(';'),
    agent.states.join(';'),
    formatDay(year.registeredOn),
    formatDay(year.trainedOn),
    formatDay(year.agreedOn),
    formatDay(year.courseworkOn),
    formatDay(year.validatedOn),
    agent.newToMarketplace ? 'Y' : 'N',
  ];
}

function licenseRows(npn: string, licenses: readonly License[]): string[][] {
  return licenses.flatMap((license) =>
    license.linesOfAuthority.map((line) => [
      npn,
      license.state,
      license.number,
      license.licenseClass,
      license.resident ? 'Y' : 'N',
      license.active ? 'Active' : 'Inactive',
      formatDay(license.issuedOn),
      formatDay(license.expiresOn),
      line.code,
      line.name,
      line.active ? 'Active' : 'Inactive',
    ]),
  );
}

function agencyRegistrationRow({ agencyNpn, years }: SampleAgent, asOf: Day): string[][] {
  const [, later] = planYearsOn(asOf);
  const day = years.at(-1)?.agreedOn;
  if (agencyNpn === undefined || day === undefined) return [];
  return [[agencyNpn, String(later), formatDay(day), formatDay(dayOf(later, 12, 31)), '', '', 'Y']];
}

function agencyLicenseRows({ agencyNpn, states }: SampleAgent, asOf: Day): string[][] {
  if (agencyNpn === undefined) return [];
  const random = randomOf(0, Number(agencyNpn));
  return licenseRows(agencyNpn, [entityLicense(states[0] ?? 'TX', random, asOf)]);
}
