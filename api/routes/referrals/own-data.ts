import { z } from 'zod';
import {
  readConsumerData,
  type ConsumerData as StoredData,
} from '../../../store/referrals/erasure/own-data.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { type ConsumerData, consumerData } from '../../schemas/referrals/own-data.ts';

const dayMs = 24 * 60 * 60_000;

/** Route by which consumers read what is kept about them. */
export function consumerDataRoutes({ db, keyring, settings: { policy } }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/referrals/:id/data',
      summary: 'Get what is kept about the consumer of a request, and until when',
      description:
        'Name, phone and address are shown in part, because the link of a request can get into other hands.',
      params: z.strictObject({ id }),
      responses: { 200: { description: 'What is kept', schema: consumerData } },
      handle: async ({ caller: { referralId } }) => {
        const stored = (await readConsumerData(db, keyring, referralId)) ?? fail('not-found');
        return { status: 200, body: toView(stored, policy.contactKeptAfterEndMs) };
      },
    }),
  ];
}

function toView(stored: StoredData, contactKeptMs: number): ConsumerData {
  const { request, contact, consents, shownTo, eraseAt, consentRecordUntil } = stored;
  const { createdAt, closedAt, deleteAt, ...asked } = request;
  return {
    request: { ...asked, createdAt: createdAt.toISOString(), closedAt: text(closedAt) },
    contact: contact
      ? {
          name: firstLetter(contact.name),
          phone: contact.phone && `…${contact.phone.slice(-2)}`,
          email: contact.email && firstLetter(contact.email),
        }
      : null,
    consents: consents.map(
      ({ durationDays: _durationDays, givenAt, expiresAt, rescindedAt, ...consent }) => ({
        ...consent,
        givenAt: givenAt.toISOString(),
        expiresAt: text(expiresAt),
        rescindedAt: text(rescindedAt),
      }),
    ),
    shownTo: shownTo.map(({ npn, firstAt }) => ({ npn, firstAt: firstAt.toISOString() })),
    kept: {
      everythingUntil: text(deleteAt),
      contactUntil: text(eraseAt),
      contactDaysAfterEnd: Math.round(contactKeptMs / dayMs),
      consentRecordUntil: text(consentRecordUntil),
      requestYearsAfterEnd: 10,
    },
  };
}

const firstLetter = (word: string) => `${Array.from(word)[0] ?? ''}…`;

const text = (instant: Date | null | undefined) => instant?.toISOString() ?? null;
