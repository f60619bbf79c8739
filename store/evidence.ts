import { sql } from 'kysely';
import type {
  Evidence,
  FeedKind,
  LicenseRow,
  RegistrationRow,
  Source,
  TerminationRow,
  TrainingRow,
} from '../domain/evidence.ts';
import type { Marketplace } from '../domain/marketplaces.ts';
import type { Tx } from './database.ts';

type Dated<T> = Omit<T, 'source'> & { asOf: string };

interface EvidenceJson {
  registration: Dated<RegistrationRow> | null;
  training: Dated<TrainingRow> | null;
  terminations: Dated<TerminationRow>[];
  licenses: (Omit<Dated<LicenseRow>, 'health'> & { health: boolean | null })[];
}

/** All that the feeds say of one agent and plan year, in one round trip. */
export async function readEvidence(
  tx: Tx,
  { npn, planYear }: { npn: string; planYear: number },
): Promise<Evidence> {
  const { rows } = await sql<EvidenceJson>`
    select
      (select json_build_object('completedOn', completed_on, 'endsOn', ends_on, 'npnValid', npn_valid,
              'npnValidKept', npn_valid_kept, 'asOf', received_at)
         from registration_completions join feed_releases on id = release_id
        where npn = ${npn} and plan_year = ${planYear}) as registration,
      (select json_build_object('marketplaceTrainedOn', marketplace_trained_on,
              'cmsAgreementsSignedOn', cms_agreements_signed_on,
              'courseworkCompletedOn', coursework_completed_on, 'niprValidatedOn', nipr_validated_on,
              'newToMarketplace', new_to_marketplace, 'asOf', received_at)
         from training_completions join feed_releases on id = release_id
        where npn = ${npn} and plan_year = ${planYear}) as training,
      (select coalesce(json_agg(json_build_object('marketplaces', marketplaces, 'datedOn', dated_on, 'status', status,
              'effectivePlanYear', effective_plan_year, 'asOf', received_at)), '[]')
         from terminations join feed_releases on id = release_id where npn = ${npn}) as terminations,
      (select coalesce(json_agg(json_build_object('state', l.state, 'licenseClass', license_class,
              'resident', resident, 'active', active, 'issuedOn', issued_on, 'expiresOn', expires_on,
              'line', line_of_authority, 'lineActive', line_active, 'asOf', received_at,
              'health', coalesce(its_own.health, everywhere.health))
              order by l.state, license_number, line_of_authority), '[]')
         from licenses l
         join feed_releases on id = release_id
         left join lines_of_authority its_own
           on its_own.state = l.state and its_own.name = lower(line_of_authority)
         left join lines_of_authority everywhere
           on everywhere.state = '*' and everywhere.name = lower(line_of_authority)
        where npn = ${npn}) as licenses`.execute(tx);
  const json = rows[0] as EvidenceJson;
  return {
    registration: json.registration ? sourced('registration-completions', json.registration) : undefined,
    training: json.training ? sourced('training-completions', json.training) : undefined,
    terminations: json.terminations.map((row) => sourced('terminations', row)),
    licenses: json.licenses.map((row) => ({ ...sourced('licenses', row), health: row.health ?? undefined })),
  };
}

/** The marketplaces of one plan year, every state and every effective date. */
export async function readMarketplaces(tx: Tx, planYear: number): Promise<Marketplace[]> {
  const rows = await tx.selectFrom('marketplaces').selectAll().where('planYear', '=', planYear).execute();
  return rows as Marketplace[];
}

function sourced<T extends { asOf: string }>(
  feed: FeedKind,
  { asOf, ...row }: T,
): Omit<T, 'asOf'> & { source: Source } {
  return { ...row, source: { feed, asOf: new Date(asOf) } };
}
