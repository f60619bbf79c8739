import { z } from 'zod';
import { auditSubjects, type FindingKind, findingKinds } from '../../../domain/ops/audit.ts';
import { instant } from '../fields.ts';

const count = z.int().min(0);

/** `GET /v1/ops/audit` */
export const auditForOps = z
  .strictObject({
    lastRun: z
      .strictObject({
        startedAt: instant,
        endedAt: instant
          .nullable()
          .meta({ description: 'Null while it is under way, or where it broke off' }),
        lookedAt: count.meta({ description: 'How many rows were looked at' }),
        found: count,
        repaired: count,
        resolved: count.meta({ description: 'How many findings of before were not seen any more' }),
        lists: count.meta({ description: 'Calls to Temporal that ask for many stories at once' }),
        describes: count.meta({ description: 'Calls to Temporal that ask for one story' }),
      })
      .nullable()
      .meta({ description: 'Null before the first run' }),
    openFindings: count.meta({ description: 'How many there are in all' }),
    findings: z
      .array(
        z.strictObject({
          kind: z.enum(Object.keys(findingKinds) as [FindingKind, ...FindingKind[]]),
          subject: z.strictObject({
            kind: z.enum(auditSubjects),
            id: z.string().meta({ description: 'An onboarding’s is its NPN and plan year' }),
          }),
          firstSeenAt: instant,
          lastSeenAt: instant,
          repairedAt: instant.nullable().meta({ description: 'Null: it is for ops' }),
        }),
      )
      .meta({ description: 'What is wrong now, the oldest first' }),
  })
  .meta({ id: 'Audit', description: 'Postgres held against Temporal: the last run and what is wrong now' });
