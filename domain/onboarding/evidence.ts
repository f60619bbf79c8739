/** The four feeds, named as in the paths of the API. */
export const feedKinds = [
  'registration-completions',
  'terminations',
  'training-completions',
  'licenses',
] as const;
export type FeedKind = (typeof feedKinds)[number];

/** Sources of evidence: the feeds, and the registry's answer to a lookup of one NPN. */
export const sourceNames = [...feedKinds, 'license-lookup'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Source of a row, and the instant of the release that last changed it, or of the registry's answer. */
export interface EvidenceSource {
  feed: SourceName;
  asOf: Date;
}

/** A calendar date, `YYYY-MM-DD`, in the Marketplace's own time zone. */
export type PlainDate = string;

/** Registration Completion List: one row per NPN and plan year. */
export interface RegistrationRow {
  completedOn: PlainDate | null;
  endsOn: PlainDate | null;
  npnValid: 'Y' | 'N' | '-';
  /** The last Y or N that the list stated. */
  npnValidKept: 'Y' | 'N' | null;
  source: EvidenceSource;
}

/** Termination list: T1 to T4 terminated, R1 to R4 reinstated. */
export interface TerminationRow {
  marketplaces: 'BOTH' | 'INDIVIDUAL' | 'SHOP';
  datedOn: PlainDate;
  status: string;
  effectivePlanYear: number;
  source: EvidenceSource;
}

/** Training completions (MLMS): one row per NPN and plan year. */
export interface TrainingRow {
  marketplaceTrainedOn: PlainDate | null;
  cmsAgreementsSignedOn: PlainDate | null;
  courseworkCompletedOn: PlainDate | null;
  niprValidatedOn: PlainDate | null;
  newToMarketplace: boolean;
  source: EvidenceSource;
}

/** One line of authority (`line`) of one license (NIPR). `health` comes from the mapping table of line names. */
export interface LicenseRow {
  state: string;
  licenseClass: 'Producer' | 'Business Entity';
  resident: boolean;
  active: boolean;
  issuedOn: PlainDate | null;
  expiresOn: PlainDate | null;
  line: string;
  lineActive: boolean;
  /** undefined: ops have not classified this name yet, so the line does not count. */
  health: boolean | undefined;
  source: EvidenceSource;
}

/** All evidence about one agent and plan year. */
export interface Evidence {
  registration: RegistrationRow | undefined;
  training: TrainingRow | undefined;
  terminations: readonly TerminationRow[];
  licenses: readonly LicenseRow[];
}

/** Returns the latest source; undefined if there is none. */
export function latestSource(sources: readonly EvidenceSource[]): EvidenceSource | undefined {
  return sources.toSorted((a, b) => b.asOf.getTime() - a.asOf.getTime())[0];
}
