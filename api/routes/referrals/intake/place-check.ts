import { type PlaceRefusal, serviceOfState } from '../../../../domain/onboarding/marketplaces.ts';
import { marketplaceDateAt } from '../../../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../../../../store/database/connection.ts';
import { readMarketplaces } from '../../../../store/feeds/evidence.ts';
import { type Place, type ResolvedPlace, resolvePlace } from '../../../../store/zip-codes.ts';
import type { Checked, ConsumerFault } from '../../../http/requests/checked.ts';
import type { HelpRequest } from '../../../schemas/referrals/referrals.ts';

/** A place as chosen by the consumer: the typed ZIP, and their state where the ZIP lies in several. */
export type LocatedPlace = Place & { timeZone: string };

/** Checks that HealthCare.gov serves the place of a request in its coverage year. */
export async function checkPlace(
  tx: Tx,
  { zip, state, coverageYear }: Partial<Pick<HelpRequest, 'zip' | 'state' | 'coverageYear'>>,
  now: Date,
): Promise<Checked<LocatedPlace>> {
  const marketplaces = coverageYear === undefined ? [] : await readMarketplaces(tx, coverageYear);
  const faults = coverageYear !== undefined && marketplaces.length === 0 ? [unknownCoverageYear] : [];
  if (zip === undefined) return { faults };
  const found = await resolvePlace(tx, { zip, state });
  if (!found) return { faults: [...faults, unknownZip] };
  faults.push(...findStateFaults(state, found));
  const { place } = found;
  if (coverageYear === undefined || faults.length > 0) return { faults };
  if (!place) return { faults: [unknownZip] };

  const located = { ...place, zip, state: state ?? place.state };
  const query = { state: located.state, planYear: coverageYear, on: marketplaceDateAt(now) };
  const { refusal, marketplace } = serviceOfState(marketplaces, query);
  const { timeZone } = place;
  if (refusal !== 'state-marketplace')
    return refusal === null && timeZone !== null
      ? { known: { ...located, timeZone } }
      : { faults: [unservedFault(refusal ?? 'not-served')] };
  const { name, url, phone } = marketplace;
  const problem = {
    type: 'state-marketplace' as const,
    more: { members: { marketplace: { name, url, phone } } },
  };
  const detail = `People in this state get help from ${name}.`;
  const fault: ConsumerFault = { pointer: '/zip', code: 'state-marketplace', detail, problem };
  return { faults: [fault] };
}

const unknownZip: ConsumerFault = {
  pointer: '/zip',
  code: 'unknown-zip',
  detail: 'We do not know this ZIP.',
};
const unknownCoverageYear: ConsumerFault = {
  pointer: '/coverageYear',
  code: 'unknown-coverage-year',
  detail: 'We do not offer help for this year.',
};

/** Error details for places that neither HealthCare.gov nor a state's marketplace serves. */
const unservedDetails = {
  territory: 'The Marketplace does not serve the territories. Ask the local Medicaid office for help.',
  military:
    'This is a military address. Give the ZIP of the home in the United States that you file taxes from.',
  'not-served': 'The Marketplace does not serve this place.',
} as const;

function unservedFault(refusal: Exclude<PlaceRefusal, 'state-marketplace'>): ConsumerFault {
  if (refusal === 'unknown-coverage-year') return unknownCoverageYear;
  return { pointer: '/zip', code: refusal, detail: unservedDetails[refusal] };
}

/** Checks the state: it is needed for a ZIP in more than one state and for an unknown ZIP. */
function findStateFaults(state: string | undefined, { place, states }: ResolvedPlace): ConsumerFault[] {
  if (state === undefined ? place && states.length === 1 : states.includes(state)) return [];
  const names = states.join(' and ');
  const question = place
    ? `This ZIP is in ${names}. Choose the state.`
    : `We do not know this ZIP. Choose its state: its first digits belong to ${names}.`;
  const detail = state === undefined ? question : `This ZIP is in ${names}.`;
  const problem = { type: 'invalid-fields' as const, more: { members: { states } } };
  return [{ pointer: '/state', code: state === undefined ? 'state-needed' : 'not-of-zip', detail, problem }];
}
