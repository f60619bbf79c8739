import type { Request } from 'express';
import { isServed, marketplaceOf } from '../../../domain/onboarding/marketplaces.ts';
import type { ConsentKind } from '../../../domain/referrals/consumer-contact.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import { kindOfPlace } from '../../../domain/values/territories.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { readMarketplaces } from '../../../store/feeds/evidence.ts';
import { type ResolvedPlace, resolvePlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import type { ConsumerFault } from '../../http/route.ts';
import type { HelpRequest } from '../../schemas/referrals/referrals.ts';
import { consentInForce } from './consents.ts';

type Fields = Partial<HelpRequest>;

/** Creates the check of a request for help beyond its schema. */
export function createIntakeCheck({
  db,
  now,
}: Deps): (fields: Fields, request: Request) => Promise<ConsumerFault[]> {
  return async (fields, request) => [
    ...contactFaults(fields, request.body as Record<string, unknown> | undefined),
    ...declarationFaults(fields),
    ...(await placeFaults(fields)),
    ...(await consentFaults(db, 'intake', fields.consent, fields.language)),
    ...(await textConsentFaults(db, fields, request.body)),
  ];

  async function placeFaults({ zip, state, coverageYear }: Fields): Promise<ConsumerFault[]> {
    const marketplaces = coverageYear === undefined ? [] : await readMarketplaces(db, coverageYear);
    const yearFaults: ConsumerFault[] =
      coverageYear !== undefined && marketplaces.length === 0
        ? [
            {
              pointer: '/coverageYear',
              code: 'unknown-coverage-year',
              detail: 'We do not offer help for this year.',
            },
          ]
        : [];
    if (zip === undefined) return yearFaults;
    const found = await resolvePlace(db, { zip, state });
    if (!found)
      return [...yearFaults, { pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
    const { place } = found;
    const stateFaults = findStateFaults(state, found);
    if (!place || coverageYear === undefined || yearFaults.length > 0 || stateFaults.length > 0)
      return [...yearFaults, ...stateFaults];

    const query = { state: state ?? place.state, planYear: coverageYear, on: marketplaceDateAt(now()) };
    const marketplace = marketplaceOf(marketplaces, query);
    if (isServed(marketplace) && place.timeZone !== null) return [];
    if (!marketplace || marketplace.kind !== 'SBM') return [unservedFaults[kindOfPlace(place.state)]];
    const { name, url, phone } = marketplace;
    const more = { members: { marketplace: { name, url, phone } } };
    const detail = `People in this state get help from ${name}.`;
    return [
      { pointer: '/zip', code: 'state-marketplace', detail, problem: { type: 'state-marketplace', more } },
    ];
  }
}

/** Checks the optional consent to texts: it needs a phone, and must be the version in force. */
export async function textConsentFaults(
  tx: Tx,
  { textConsent, language }: Pick<Fields, 'textConsent' | 'language'>,
  rawBody: unknown,
): Promise<ConsumerFault[]> {
  // an invalid phone has an error of its own
  if (textConsent && (rawBody as Record<string, unknown>)['phone'] === undefined)
    return [{ pointer: '/textConsent', code: 'phone-needed', detail: 'Texts need a phone number.' }];
  return consentFaults(tx, 'texts', textConsent, language);
}

async function consentFaults(
  tx: Tx,
  kind: ConsentKind,
  consent: Fields['consent'],
  language: Fields['language'],
): Promise<ConsumerFault[]> {
  const shownIn = consent?.language ?? language;
  if (!consent || !shownIn) return [];
  const inForce = await consentInForce(tx, kind, shownIn);
  if (inForce?.version === consent.version) return [];
  const detail = inForce ? `The version in force is ${inForce.version}.` : 'No consent is in force.';
  const field = kind === 'texts' ? 'textConsent' : 'consent';
  return [{ pointer: `/${field}/version`, code: 'not-in-force', detail }];
}

/** Error details for places that neither HealthCare.gov nor a state's marketplace serves. */
const unservedFaults: Readonly<Record<ReturnType<typeof kindOfPlace>, ConsumerFault>> = {
  territory: {
    pointer: '/zip',
    code: 'territory',
    detail: 'The Marketplace does not serve the territories. Ask the local Medicaid office for help.',
  },
  military: {
    pointer: '/zip',
    code: 'military',
    detail:
      'This is a military address. Give the ZIP of the home in the United States that you file taxes from.',
  },
  state: { pointer: '/zip', code: 'not-served', detail: 'The Marketplace does not serve this place.' },
};

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

function contactFaults(
  { contactBy = 'call' }: Fields,
  rawBody: Record<string, unknown> = {},
): ConsumerFault[] {
  if (rawBody['phone'] === undefined && rawBody['email'] === undefined)
    return [
      {
        pointer: '/phone',
        code: 'phone-or-email-needed',
        detail: 'A phone number or an email address is needed.',
      },
    ];
  const needed = contactBy === 'email' ? 'email' : 'phone';
  // without `contactBy`, a consumer with only an email address is contacted by mail
  if (rawBody[needed] === undefined && rawBody['contactBy'] !== undefined)
    return [
      {
        pointer: `/${needed}`,
        code: 'needed-for-contact',
        detail: 'The way you chose to be reached needs this field.',
      },
    ];
  return [];
}

function declarationFaults({ adult, representative, language = 'en' }: Fields): ConsumerFault[] {
  if (adult || representative) return [];
  const detail = sentencesIn(language).adultsOnly;
  return [{ pointer: '/adult', code: 'adult-or-representative-needed', detail }];
}
