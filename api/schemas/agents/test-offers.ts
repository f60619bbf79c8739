import { z } from 'zod';
import { agentChannels } from '../../../domain/notifications/contact.ts';
import { deliveryStatuses } from '../../../domain/notifications/notices.ts';
import { id, instant } from '../fields.ts';

const testOffer = z.strictObject({
  id,
  createdAt: instant,
  expiresAt: instant,
  channels: z
    .array(
      z.strictObject({
        channel: z.enum(agentChannels),
        status: z.enum(deliveryStatuses).meta({ description: 'As far as the provider has reported' }),
        changedAt: instant.meta({ description: 'Since when it has this status' }),
        answeredAt: instant.nullable().meta({
          description: 'When the button behind the link was pressed or the text was answered; null: not yet',
        }),
      }),
    )
    .meta({ description: 'Empty if no chosen channel is open' }),
});

/** `GET /v1/me/test-offers`, and the answer to a new one */
export const testOffers = z
  .strictObject({ items: z.array(testOffer) })
  .meta({ id: 'TestOffers', description: 'The latest test offers, the latest first' });
export type TestOffersView = z.infer<typeof testOffers>;

export const testOfferAnswer = z
  .strictObject({
    channel: z.enum(agentChannels),
    answeredAt: instant
      .nullable()
      .meta({ description: 'When the channel went the whole way and back; null: the test was over' }),
  })
  .meta({ id: 'TestOfferAnswer', description: 'What came of a test offer over the channel of its link' });
export type TestOfferAnswer = z.infer<typeof testOfferAnswer>;
