/** What is audited, one after another; each part is read in pages. */
export const auditParts = ['onboardings', 'referrals', 'offers', 'notices', 'outbox'] as const;
export type AuditPart = (typeof auditParts)[number];

/** What a finding is about; its id is the row's own, an onboarding's is its NPN and plan year. */
export const auditSubjects = ['onboarding', 'referral', 'offer', 'delivery', 'outbox'] as const;
export type AuditSubject = (typeof auditSubjects)[number];

/** What can be wrong, and what the audit does about it by itself; `none`: it is for ops. */
export const findingKinds = {
  /** An open row whose story Temporal does not know: its start never came. */
  'story-missing': { repair: 'start' },
  /** An open row whose story was terminated or canceled, has failed or has run out of time. */
  'story-broken-off': { repair: 'start' },
  /** An open row whose story has come to its end by itself: the row was opened anew, or brought back from a backup. */
  'story-over': { repair: 'start' },
  /** The instant at which a story goes on by itself went by, or there is none and no cause to wait. */
  overslept: { repair: 'wake' },
  'several-winners': { repair: 'none' },
  'several-open-offers': { repair: 'none' },
  'offer-overdue': { repair: 'wake' },
  /** An open offer of a referral that is closed: it holds its agent's place. */
  'offer-left-open': { repair: 'none' },
  /** A message that nobody tries to deliver any more, and that has no end. */
  'notice-without-end': { repair: 'end' },
  'outbox-stuck': { repair: 'none' },
} as const satisfies Record<string, { repair: 'start' | 'wake' | 'end' | 'none' }>;

export type FindingKind = keyof typeof findingKinds;

/** What Temporal says of a story. `broken-off`: closed, but not by its own end. */
export type WorkflowState = 'running' | 'missing' | 'broken-off' | 'over';

/** How patient the audit is, in milliseconds. */
export interface AuditLimits {
  /** How long a row may differ: visibility lags, and a story needs a moment for what its clock tells it. */
  graceMs: number;
  /** How long a deed may rest in the outbox. */
  maxOutboxAgeMs: number;
  /** How long a story that came to an end and was started again is not started once more: it would end again. */
  restartCooldownMs: number;
}

/** What a run came to. `lists` and `describes`: calls to Temporal. */
export interface AuditCounts {
  lookedAt: number;
  lists: number;
  describes: number;
  found: number;
  repaired: number;
}

export const noCounts: AuditCounts = { lookedAt: 0, lists: 0, describes: 0, found: 0, repaired: 0 };

export function addCounts(one: AuditCounts, other: AuditCounts): AuditCounts {
  return {
    lookedAt: one.lookedAt + other.lookedAt,
    lists: one.lists + other.lists,
    describes: one.describes + other.describes,
    found: one.found + other.found,
    repaired: one.repaired + other.repaired,
  };
}
