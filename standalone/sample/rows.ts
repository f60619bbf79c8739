import type { FeedKind } from '../../domain/onboarding/evidence.ts';
import type { SampleAgent } from './agents.ts';
import { type Day, dayOf, planYearsOn, written } from './days.ts';
import { entityLicense, type License } from './licenses.ts';
import { randomOf } from './random.ts';
import type { Year } from './years.ts';

/** The rows of one agent in one feed, fields in the order of its header. */
export type RowsOf = (agent: SampleAgent, asOf: Day) => string[][];

/** How each feed tells of an agent. */
export const rowsOf: Readonly<Record<FeedKind, RowsOf>> = {
  'registration-completions': (agent, asOf) => [
    ...agent.years.filter((year) => year.registeredOn !== undefined).map((year) => listRow(agent, year)),
    ...agencyListRow(agent, asOf),
  ],
  terminations: ({ npn, terminations }) =>
    terminations.map((row) => [
      npn,
      row.status,
      row.marketplaces,
      String(row.planYear),
      written(row.registeredOn),
      written(row.datedOn),
    ]),
  'training-completions': (agent) => agent.years.map((year) => trainingRow(agent, year)),
  licenses: (agent, asOf) => [
    ...licenseRows(agent.paddedIn.licenses ? agent.npn.padStart(10, '0') : agent.npn, agent.licenses),
    ...agencyLicenseRows(agent, asOf),
  ],
};

function listRow(
  { npn, paddedIn }: SampleAgent,
  { planYear, registeredOn, endsOn, shop, npnValid }: Year,
): string[] {
  const individual = shop === 'only' ? ['', ''] : [written(registeredOn), written(endsOn)];
  const small = shop === 'none' ? ['', ''] : [written(registeredOn), written(dayOf(planYear, 12, 31))];
  return [paddedIn.list ? npn.padStart(10, '0') : npn, String(planYear), ...individual, ...small, npnValid];
}

function trainingRow(agent: SampleAgent, year: Year): string[] {
  return [
    agent.npn,
    String(year.planYear),
    agent.firstName,
    agent.lastName,
    agent.email,
    agent.languages.join(';'),
    agent.states.join(';'),
    written(year.registeredOn),
    written(year.trainedOn),
    written(year.agreedOn),
    written(year.courseworkOn),
    written(year.validatedOn),
    agent.newToMarketplace ? 'Y' : 'N',
  ];
}

function licenseRows(npn: string, licenses: readonly License[]): string[][] {
  return licenses.flatMap((license) =>
    license.lines.map((line) => [
      npn,
      license.state,
      license.number,
      license.licenseClass,
      license.resident ? 'Y' : 'N',
      license.active ? 'Active' : 'Inactive',
      written(license.issuedOn),
      written(license.expiresOn),
      line.code,
      line.name,
      line.active ? 'Active' : 'Inactive',
    ]),
  );
}

function agencyListRow({ agencyNpn, years }: SampleAgent, asOf: Day): string[][] {
  const [, later] = planYearsOn(asOf);
  const day = years.at(-1)?.agreedOn;
  if (agencyNpn === undefined || day === undefined) return [];
  return [[agencyNpn, String(later), written(day), written(dayOf(later, 12, 31)), '', '', 'Y']];
}

function agencyLicenseRows({ agencyNpn, states }: SampleAgent, asOf: Day): string[][] {
  if (agencyNpn === undefined) return [];
  const random = randomOf(0, Number(agencyNpn));
  return licenseRows(agencyNpn, [entityLicense(states[0] ?? 'TX', random, asOf)]);
}
