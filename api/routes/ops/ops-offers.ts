import { z } from 'zod';
import { type ConsentRecord, readConsentRecords } from '../../../store/referrals/consents.ts';
import {
  type OfferWithDisclosures,
  readOffersWithDisclosures,
} from '../../../store/referrals/disclosures.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { offersOnRecord as schema } from '../../schemas/ops/ops-offers.ts';

/** To whom a referral was offered, and what each of them has seen of it. */
export function offersOnRecordRoute({ db }: Deps): Route {
  return route({
    key: 'GET /v1/ops/referrals/:id/offers',
    summary: 'To whom a referral was offered, what became of it, and what each agent was shown',
    params: z.strictObject({ id }),
    responses: { 200: { description: 'Each offer', schema } },
    problems: ['not-found'],
    handle: async ({ params }) => {
      const offers = (await readOffersWithDisclosures(db, params.id)) ?? fail('not-found');
      const consents = await readConsentRecords(db, params.id);
      return { status: 200, body: { consents: consents.map(toConsentItem), items: offers.map(toOfferItem) } };
    },
  });
}

function toOfferItem({ endedAs, disclosures, ...offer }: OfferWithDisclosures) {
  const { offeredAt, expiresAt, acceptedAt, contactedAt, endedAt } = offer;
  return {
    ...offer,
    offeredAt: offeredAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
    contactedAt: contactedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    end: endedAs,
    disclosures: disclosures.map(({ firstAt, lastAt, ...rest }) => ({
      ...rest,
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    })),
  };
}

function toConsentItem({ givenAt, expiresAt, rescindedAt, ...consent }: ConsentRecord) {
  return {
    ...consent,
    givenAt: givenAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    rescindedAt: rescindedAt?.toISOString() ?? null,
  };
}
