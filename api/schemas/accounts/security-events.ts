import { z } from 'zod';
import { type SecurityEventKind, securityEventKinds } from '../../../domain/accounts/security-events.ts';
import { id, instant, nextPage } from '../fields.ts';

/** `GET /v1/me/security-events`, `GET /v1/ops/accounts/{id}/security-events` */
export const securityEventQuery = z.strictObject({
  page: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'Not a page of this list')
    .transform(Number)
    .optional()
    .meta({ description: 'The `nextPage` of the previous page' }),
});

const kinds = Object.keys(securityEventKinds) as [SecurityEventKind, ...SecurityEventKind[]];

export const securityEventList = z
  .strictObject({
    items: z.array(
      z.strictObject({
        kind: z.enum(kinds).meta({
          description: kinds.map((kind) => `\`${kind}\`: ${securityEventKinds[kind]}`).join(' '),
        }),
        at: instant,
        network: z.string().nullable().meta({
          description: 'An IPv4 address or the /56 block of an IPv6 address; null: from no request',
        }),
        browser: z.string().nullable().meta({ description: 'Such as Firefox on Windows' }),
        detail: z.string().nullable().meta({ description: 'A code, or the route that was refused' }),
        byAccountId: id.nullable().meta({ description: 'Who did it; null: the account itself' }),
      }),
    ),
    nextPage,
  })
  .meta({
    id: 'SecurityEventList',
    description: 'Log-ins, refusals and changes of an account, latest first, for a year',
  });
export type SecurityEventList = z.infer<typeof securityEventList>;
