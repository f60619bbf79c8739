import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import {
  type CellReader,
  readDate,
  readEmail,
  readFlag,
  readFlagOrDash,
  readLanguageList,
  readLicenseNumber,
  readLineOfAuthority,
  readNpn,
  readOneOf,
  readOptionalDate,
  readOptionalName,
  readOptionalText,
  readPlanYear,
  readState,
  readStateList,
  readStatus,
  readTerminationStatus,
} from './cells.ts';

/** A column of a feed: its name in the file's header, its column in the table, and how its fields are read. */
export interface FeedColumn {
  /** In the source's spelling. `header.ts` accepts other spellings of the same name. */
  header: string;
  /** Other names that the source uses, for example in its data dictionary. */
  aliases?: readonly string[];
  column: string;
  read: CellReader;
}

/**
 * A feed: its table, its columns in the usual order of the header (NPN first) and the columns of its key. Two are
 * public lists of data.healthcare.gov (wb6u-x2ny and e8uy-7rnp); two are our own formats, for MLMS and NIPR.
 */
export interface FeedDefinition {
  kind: FeedKind;
  table: string;
  columns: readonly FeedColumn[];
  key: readonly string[];
  /** Says why a row is bad although each field is readable; `value` takes a column of the table. */
  contradiction?: (value: (column: string) => string | null) => string | undefined;
  /** A column that keeps a value across releases: its SQL for a new row, and for an existing one. */
  remembered?: { column: string; onNew: string; onExisting: string };
  /** The open onboardings that a row affects: the agent's onboarding of its plan year, or all of the agent's. */
  concerns: 'plan-year' | 'agent';
  /** Whether new rows open onboardings. */
  opensOnboardings: boolean;
  /** Whether a later end date reopens a lapsed onboarding. */
  reopensLapsed?: true;
}

const registrationCompletions: FeedDefinition = {
  kind: 'registration-completions',
  table: 'registration_completions',
  columns: [
    { header: 'NPN', column: 'npn', read: readNpn },
    { header: 'Applicable Plan Year', column: 'plan_year', read: readPlanYear },
    {
      header: 'Individual Registration Completion Date',
      aliases: ['Individual Market Registration Completion Date'],
      column: 'completed_on',
      read: readOptionalDate,
    },
    {
      header: 'Individual Marketplace End Date',
      aliases: ['Individual Market Registration End Date'],
      column: 'ends_on',
      read: readOptionalDate,
    },
    {
      header: 'Shop Registration Completion Date',
      aliases: ['Shop Registration Date'],
      column: 'shop_completed_on',
      read: readOptionalDate,
    },
    {
      header: 'Shop End Date',
      aliases: ['Shop Registration End Date'],
      column: 'shop_ends_on',
      read: readOptionalDate,
    },
    {
      header: 'NPN Valid (Current Plan Year Only)',
      aliases: ['NPN Valid (Current Plan Year)'],
      column: 'npn_valid',
      read: readFlagOrDash,
    },
  ],
  key: ['npn', 'plan_year'],
  // the list writes "-" for "not stated", so the last Y or N is kept
  remembered: {
    column: 'npn_valid_kept',
    onNew: `nullif(incoming.npn_valid, '-')`,
    onExisting: `coalesce(nullif(incoming.npn_valid, '-'), existing.npn_valid_kept)`,
  },
  concerns: 'plan-year',
  opensOnboardings: false,
  reopensLapsed: true,
};

const terminations: FeedDefinition = {
  kind: 'terminations',
  table: 'terminations',
  columns: [
    { header: 'NPN', column: 'npn', read: readNpn },
    { header: 'Status', column: 'status', read: readTerminationStatus },
    { header: 'Marketplaces', column: 'marketplaces', read: readOneOf('BOTH', 'INDIVIDUAL', 'SHOP') },
    { header: 'Effective Plan Year', column: 'effective_plan_year', read: readPlanYear },
    { header: 'Registration Completion Date', column: 'registration_completed_on', read: readOptionalDate },
    { header: 'Termination or Suspension Date', column: 'dated_on', read: readDate },
  ],
  key: ['npn', 'marketplaces', 'dated_on'],
  concerns: 'agent',
  opensOnboardings: false,
};

const trainingCompletions: FeedDefinition = {
  kind: 'training-completions',
  table: 'training_completions',
  columns: [
    { header: 'NPN', column: 'npn', read: readNpn },
    { header: 'Plan Year', column: 'plan_year', read: readPlanYear },
    { header: 'First Name', column: 'first_name', read: readOptionalName },
    { header: 'Last Name', column: 'last_name', read: readOptionalName },
    { header: 'Email', column: 'email', read: readEmail },
    { header: 'Languages', column: 'languages', read: readLanguageList },
    { header: 'States Wanted', column: 'states_wanted', read: readStateList },
    { header: 'Marketplace Registration Date', column: 'marketplace_registered_on', read: readOptionalDate },
    { header: 'Marketplace Training Date', column: 'marketplace_trained_on', read: readOptionalDate },
    { header: 'CMS Agreements Signed Date', column: 'cms_agreements_signed_on', read: readOptionalDate },
    { header: 'Help On Demand Coursework Date', column: 'coursework_completed_on', read: readOptionalDate },
    { header: 'NIPR Validated Date', column: 'nipr_validated_on', read: readOptionalDate },
    { header: 'New To Marketplace', column: 'new_to_marketplace', read: readFlag },
  ],
  key: ['npn', 'plan_year'],
  // One name is enough; two empty ones are an error.
  // Agreements without a date are no error but an unmet condition, which the standing reports. Only two dates in the
  // wrong order contradict each other: the coursework opens after the agreements are signed (docs/guide.md).
  contradiction: (value) => {
    if (value('first_name') === '' && value('last_name') === '') return 'First Name and Last Name are empty';
    const agreements = value('cms_agreements_signed_on');
    const coursework = value('coursework_completed_on');
    return agreements !== null && coursework !== null && coursework < agreements
      ? 'Help On Demand Coursework Date is before CMS Agreements Signed Date'
      : undefined;
  },
  concerns: 'agent',
  opensOnboardings: true,
};

const licenses: FeedDefinition = {
  kind: 'licenses',
  table: 'licenses',
  columns: [
    { header: 'NPN', column: 'npn', read: readNpn },
    { header: 'State', column: 'state', read: readState },
    { header: 'License Number', column: 'license_number', read: readLicenseNumber },
    { header: 'License Class', column: 'license_class', read: readOneOf('Producer', 'Business Entity') },
    { header: 'Resident', column: 'resident', read: readFlag },
    { header: 'License Status', column: 'active', read: readStatus },
    { header: 'Issue Date', column: 'issued_on', read: readOptionalDate },
    { header: 'Expiration Date', column: 'expires_on', read: readOptionalDate },
    { header: 'Line Of Authority Code', column: 'line_code', read: readOptionalText },
    { header: 'Line Of Authority', column: 'line_of_authority', read: readLineOfAuthority },
    { header: 'Line Status', column: 'line_active', read: readStatus },
  ],
  key: ['npn', 'state', 'license_number', 'line_of_authority'],
  concerns: 'agent',
  opensOnboardings: false,
};

/** The four feeds by kind. */
export const feedDefinitions: Readonly<Record<FeedKind, FeedDefinition>> = {
  'registration-completions': registrationCompletions,
  terminations,
  'training-completions': trainingCompletions,
  licenses,
};
