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
          .meta({ description: 'Null while the audit is running, or if it was interrupted' }),
        lookedAt: count.meta({ description: 'Number of rows checked' }),
        found: count,
        repaired: count,
        resolved: count.meta({ description: 'Number of earlier findings that are gone' }),
        lists: count.meta({
          description:
            'Pages of workflows that Temporal was asked for: one count each, and one list if some do not run',
        }),
        describes: count.meta({ description: 'Calls to Temporal that describe one workflow' }),
        leftOver: count.meta({
          description: 'Workflows left to the next run, because this one had described as many as it may',
        }),
      })
      .nullable()
      .meta({ description: 'Null before the first run' }),
    openFindings: count.meta({ description: 'Number of all open findings' }),
    findings: z
      .array(
        z.strictObject({
          kind: z.enum(Object.keys(findingKinds) as [FindingKind, ...FindingKind[]]),
          subject: z.strictObject({
            kind: z.enum(auditSubjects),
            id: z.string().meta({ description: 'For an onboarding: its NPN and plan year' }),
          }),
          firstSeenAt: instant,
          lastSeenAt: instant,
          repairedAt: instant
            .nullable()
            .meta({ description: 'Null: not repaired automatically; ops must resolve it' }),
        }),
      )
      .meta({ description: 'Open findings, the oldest first' }),
  })
  .meta({
    id: 'Audit',
    description: 'Comparison of Postgres with Temporal: the last run and the open findings',
  });
