import { z } from 'zod';
import { id, instant, npn, planYear } from '../fields.ts';

/** `GET /v1/me/data` */
export const agentData = z
  .strictObject({
    agent: z.strictObject({
      npn,
      firstName: z.string(),
      lastName: z.string(),
      email: z.string(),
      phone: z.string().nullable(),
      phoneLineType: z.string().nullable(),
      contactPreference: z.string().nullable(),
      zip: z.string().nullable(),
      timeZone: z.string().nullable(),
      languages: z.array(z.string()),
      statesWanted: z.array(z.string()),
      registeredAt: instant.nullable(),
      leftAt: instant.nullable(),
    }),
    account: z.strictObject({ username: z.string(), createdAt: instant }).nullable(),
    onboardings: z.array(
      z.strictObject({
        planYear,
        stage: z.string(),
        since: instant,
        causes: z.array(z.string()),
        createdAt: instant,
        closedAt: instant.nullable(),
      }),
    ),
    invitations: z.array(
      z.strictObject({
        planYear,
        number: z.int(),
        sentTo: z.string(),
        issuedAt: instant,
        endedAt: instant.nullable(),
        endedAs: z.string().nullable(),
      }),
    ),
    terms: z.array(
      z.strictObject({
        kind: z.string(),
        version: z.string(),
        acceptedAt: instant,
        ipAddress: z.string(),
        userAgent: z.string(),
      }),
    ),
    absences: z.array(
      z.strictObject({
        fromDate: z.string(),
        untilDate: z.string(),
        createdAt: instant,
        removedAt: instant.nullable(),
      }),
    ),
    hours: z.array(z.strictObject({ weekday: z.int(), fromTime: z.string(), untilTime: z.string() })),
    pushSubscriptions: z.array(z.strictObject({ createdAt: instant, goneAt: instant.nullable() })),
    offers: z.array(
      z.strictObject({
        id,
        offeredAt: instant,
        acceptedAt: instant.nullable(),
        contactedAt: instant.nullable(),
        endedAt: instant.nullable(),
        endedAs: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
    kept: z.strictObject({
      agentDaysAfterEnd: z.int().meta({
        description: 'Days after the last onboarding ended until account and personal data are erased',
      }),
      recordYears: z.int().meta({ description: 'How long it stays on record what was done under the NPN' }),
    }),
  })
  .meta({
    id: 'AgentData',
    description: 'What else happened with the account is in `/v1/me/security-events`.',
  });
export type AgentData = z.infer<typeof agentData>;
