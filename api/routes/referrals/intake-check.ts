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

/** Finds all that is wrong with a request for help beyond the shape of its fields. */
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
              detail: 'We do not help with this year.',
            },
          ]
        : [];
    if (zip === undefined) return yearFaults;
    const found = await resolvePlace(db, { zip, state });
    if (!found)
      return [...yearFaults, { pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
    const { place } = found;
    const stateFaults = faultsOfState(state, found);
    if (!place || coverageYear === undefined || yearFaults.length > 0 || stateFaults.length > 0)
      return [...yearFaults, ...stateFaults];

    const about = { state: state ?? place.state, planYear: coverageYear, on: marketplaceDateAt(now()) };
    const marketplace = marketplaceOf(marketplaces, about);
    if (isServed(marketplace) && place.timeZone !== null) return [];
    if (!marketplace || marketplace.kind !== 'SBM') return [unservedFaults[kindOfPlace(place.state)]];
    const { name, url, phone } = marketplace;
    const more = { members: { marketplace: { name, url, phone } } };
    const detail = `People there get help from ${name}.`;
    return [
      { pointer: '/zip', code: 'state-marketplace', detail, problem: { type: 'state-marketplace', more } },
    ];
  }
}

/** There is nothing to text to without a phone; the consent is optional and never asked for. */
export async function textConsentFaults(
  tx: Tx,
  { textConsent, language }: Pick<Fields, 'textConsent' | 'language'>,
  given: unknown,
): Promise<ConsumerFault[]> {
  // of a phone that is none its own field tells
  if (textConsent && (given as Record<string, unknown>)['phone'] === undefined)
    return [{ pointer: '/textConsent', code: 'phone-needed', detail: 'Texts go to a phone; none is given.' }];
  return consentFaults(tx, 'texts', textConsent, language);
}

async function consentFaults(
  tx: Tx,
  kind: ConsentKind,
  consent: Fields['consent'],
  language: Fields['language'],
): Promise<ConsumerFault[]> {
  const read = consent?.language ?? language;
  if (!consent || !read) return [];
  const inForce = await consentInForce(tx, kind, read);
  if (inForce?.version === consent.version) return [];
  const detail = inForce ? `The version in force is ${inForce.version}.` : 'No consent is in force.';
  const field = kind === 'texts' ? 'textConsent' : 'consent';
  return [{ pointer: `/${field}/version`, code: 'not-in-force', detail }];
}

/** What people are told from where nobody enrolls through a Marketplace of the states. */
const unservedFaults: Readonly<Record<ReturnType<typeof kindOfPlace>, ConsumerFault>> = {
  territory: {
    pointer: '/zip',
    code: 'territory',
    detail:
      'The Marketplace does not serve the territories. The Medicaid office there knows what help there is.',
  },
  military: {
    pointer: '/zip',
    code: 'military',
    detail:
      'This is a military address. Give the ZIP of the home in the United States that you file taxes from.',
  },
  state: { pointer: '/zip', code: 'not-served', detail: 'The Marketplace does not serve this place.' },
};

/** A ZIP that lies in more than one state asks which, and so does one that we do not know yet. */
function faultsOfState(state: string | undefined, { place, states }: ResolvedPlace): ConsumerFault[] {
  if (state === undefined ? place && states.length === 1 : states.includes(state)) return [];
  const names = states.join(' and ');
  const asks = place
    ? `This ZIP lies in ${names}: say in which.`
    : `We do not know this ZIP: say in which state it lies. Its first digits are those of ${names}.`;
  const detail = state === undefined ? asks : `This ZIP lies in ${names}.`;
  const problem = { type: 'invalid-fields' as const, more: { members: { states } } };
  return [{ pointer: '/state', code: state === undefined ? 'state-needed' : 'not-of-zip', detail, problem }];
}

function contactFaults({ contactBy = 'call' }: Fields, given: Record<string, unknown> = {}): ConsumerFault[] {
  if (given['phone'] === undefined && given['email'] === undefined)
    return [
      { pointer: '/phone', code: 'phone-or-email-needed', detail: 'A phone number or an email address.' },
    ];
  const needed = contactBy === 'email' ? 'email' : 'phone';
  // who gives an address alone is written to, unless a way was chosen that needs a number
  if (given[needed] === undefined && given['contactBy'] !== undefined)
    return [
      {
        pointer: `/${needed}`,
        code: 'needed-for-contact',
        detail: 'The way you chose to be reached needs it.',
      },
    ];
  return [];
}

function declarationFaults({ adult, representative, language = 'en' }: Fields): ConsumerFault[] {
  if (adult || representative) return [];
  const detail = sentencesIn(language).adultsOnly;
  return [{ pointer: '/adult', code: 'adult-or-representative-needed', detail }];
}
