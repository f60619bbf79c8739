import type { Request } from 'express';
import { dateAt } from '../domain/calendar.ts';
import { isServed, marketplaceOf } from '../domain/marketplaces.ts';
import { readMarketplaces } from '../store/evidence.ts';
import { findPlace } from '../store/places.ts';
import type { Deps } from './deps.ts';
import { parsePhone } from './phone.ts';
import type { Fault } from './route.ts';
import { consentInForce } from './routes/consents.ts';
import type { HelpRequest } from './schemas/referrals.ts';

type Fields = Partial<HelpRequest>;

/** Finds all that is wrong with a request for help beyond the shape of its fields. */
export function createIntakeCheck({ db, now }: Deps): (fields: Fields, request: Request) => Promise<Fault[]> {
  return async (fields, request) => [
    ...contactFaults(fields, request.body as Record<string, unknown> | undefined),
    ...declarationFaults(fields),
    ...(await placeFaults(fields)),
    ...(await consentFaults(fields)),
  ];

  async function placeFaults({ zip, coverageYear }: Fields): Promise<Fault[]> {
    const marketplaces = coverageYear === undefined ? [] : await readMarketplaces(db, coverageYear);
    const yearFaults: Fault[] =
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
    const place = await findPlace(db, zip);
    if (!place)
      return [...yearFaults, { pointer: '/zip', code: 'unknown-zip', detail: 'We do not know this ZIP.' }];
    if (coverageYear === undefined || yearFaults.length > 0) return yearFaults;

    const about = { state: place.state, planYear: coverageYear, on: dateAt(now()) };
    const marketplace = marketplaceOf(marketplaces, about);
    if (isServed(marketplace) && place.timeZone !== null) return [];
    if (!marketplace || marketplace.kind !== 'SBM')
      return [{ pointer: '/zip', code: 'not-served', detail: 'The Marketplace does not serve this place.' }];
    const { name, url, phone } = marketplace;
    const more = { members: { marketplace: { name, url, phone } } };
    const detail = `People there get help from ${name}.`;
    return [
      { pointer: '/zip', code: 'state-marketplace', detail, problem: { type: 'state-marketplace', more } },
    ];
  }

  async function consentFaults({ consent, language }: Fields): Promise<Fault[]> {
    const read = consent?.language ?? language;
    if (!consent || !read) return [];
    const inForce = await consentInForce(db, read);
    if (inForce?.version === consent.version) return [];
    const detail = inForce ? `The version in force is ${inForce.version}.` : 'No consent is in force.';
    return [{ pointer: '/consent/version', code: 'not-in-force', detail }];
  }
}

function contactFaults({ phone, contactBy = 'call' }: Fields, given: Record<string, unknown> = {}): Fault[] {
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
  if (phone === undefined || parsePhone(phone)) return [];
  return [{ pointer: '/phone', code: 'not-a-us-phone', detail: 'This is not a US phone number.' }];
}

function declarationFaults({ adult, representative }: Fields): Fault[] {
  if (adult || representative) return [];
  const detail = 'You are an adult, or authorized to ask for somebody else.';
  return [{ pointer: '/adult', code: 'adult-or-representative-needed', detail }];
}
