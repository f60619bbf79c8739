import { sql } from 'kysely';
import type {
  Evidence,
  EvidenceSource,
  LicenseRow,
  RegistrationRow,
  SourceName,
  TerminationRow,
  TrainingRow,
} from '../../domain/onboarding/evidence.ts';
import type { Marketplace } from '../../domain/onboarding/marketplaces.ts';
import type { Tx } from '../database/connection.ts';
import { lineOfAuthorityNameSql } from './lines-of-authority.ts';

const lineOfAuthorityName = sql.raw(lineOfAuthorityNameSql('line_of_authority'));

type Dated<T> = Omit<T, 'source'> & { asOf: string };

/** An agent and a plan year that evidence is read for. */
interface EvidenceKey {
  npn: string;
  planYear: number;
}

type LicenseJson = Omit<Dated<LicenseRow>, 'health'> & { health: boolean | null; feed: SourceName };

interface EvidenceJson {
  registration: Dated<RegistrationRow> | null;
  training: Dated<TrainingRow> | null;
  terminations: Dated<TerminationRow>[];
  licenses: LicenseJson[];
}

/**
 * Reads all that the feeds say of one agent and plan year. Licenses from a lookup at the registry count only while the
 * license feed has no row of the NPN: the feed's snapshot is newer and complete.
 */
export async function readEvidence(tx: Tx, key: EvidenceKey): Promise<Evidence> {
  return (await readEvidenceOfMany(tx, [key])).get(evidenceKey(key)) as Evidence;
}

/** Key of an agent and plan year in the map that `readEvidenceOfMany` returns. */
export function evidenceKey({ npn, planYear }: EvidenceKey): string {
  return `${npn} ${planYear}`;
}

/** Reads the evidence of many agents and plan years in one round trip: a map `NPN PLANYEAR` → evidence with every key. */
export async function readEvidenceOfMany(
  tx: Tx,
  keys: readonly EvidenceKey[],
): Promise<Map<string, Evidence>> {
  const npns = keys.map(({ npn }) => npn);
  const planYears = keys.map(({ planYear }) => planYear);
  const { rows } = await sql<EvidenceKey & EvidenceJson>`
    select key.npn, key.plan_year as "planYear",
      (select json_build_object('completedOn', completed_on, 'endsOn', ends_on, 'npnValid', npn_valid,
              'npnValidKept', npn_valid_kept, 'asOf', received_at)
         from registration_completions r join feed_releases on id = release_id
        where r.npn = key.npn and r.plan_year = key.plan_year) as registration,
      (select json_build_object('marketplaceTrainedOn', marketplace_trained_on,
              'cmsAgreementsSignedOn', cms_agreements_signed_on,
              'courseworkCompletedOn', coursework_completed_on, 'niprValidatedOn', nipr_validated_on,
              'newToMarketplace', new_to_marketplace, 'asOf', received_at)
         from training_completions t join feed_releases on id = release_id
        where t.npn = key.npn and t.plan_year = key.plan_year) as training,
      (select coalesce(json_agg(json_build_object('marketplaces', marketplaces, 'datedOn', dated_on, 'status', status,
              'effectivePlanYear', effective_plan_year, 'asOf', received_at)), '[]')
         from terminations t join feed_releases on id = release_id where t.npn = key.npn) as terminations,
      (select coalesce(json_agg(json_build_object('state', l.state, 'licenseClass', license_class,
              'resident', resident, 'active', active, 'issuedOn', issued_on, 'expiresOn', expires_on,
              'line', line_of_authority, 'lineActive', line_active, 'asOf', as_of, 'feed', feed,
              'health', coalesce(its_own.health, everywhere.health))
              order by l.state, license_number, line_of_authority), '[]')
         from (
           select state, license_number, line_of_authority, license_class, resident, active, issued_on, expires_on,
                  line_active, received_at as as_of, 'licenses' as feed
             from licenses join feed_releases on id = release_id where npn = key.npn
           union all
           select state, license_number, line_of_authority, license_class, resident, active, issued_on, expires_on,
                  line_active, looked_up_at, 'license-lookup'
             from looked_up_licenses
            where npn = key.npn and not exists (select from licenses where npn = key.npn)
         ) l
         left join lines_of_authority its_own
           on its_own.state = l.state and its_own.name = ${lineOfAuthorityName}
         left join lines_of_authority everywhere
           on everywhere.state = '*' and everywhere.name = ${lineOfAuthorityName}) as licenses
    from unnest(${npns}::text[], ${planYears}::smallint[]) as key (npn, plan_year)`.execute(tx);
  return new Map(rows.map((row) => [evidenceKey(row), evidenceOf(row)]));
}

function evidenceOf(json: EvidenceJson): Evidence {
  return {
    registration: json.registration ? withSource('registration-completions', json.registration) : undefined,
    training: json.training ? withSource('training-completions', json.training) : undefined,
    terminations: json.terminations.map((row) => withSource('terminations', row)),
    licenses: json.licenses.map(({ feed, health, ...row }) => ({
      ...withSource(feed, row),
      health: health ?? undefined,
    })),
  };
}

/** Reads the marketplaces of one plan year: every state and every effective date. */
export async function readMarketplaces(tx: Tx, planYear: number): Promise<Marketplace[]> {
  const rows = await tx.selectFrom('marketplaces').selectAll().where('planYear', '=', planYear).execute();
  return rows as Marketplace[];
}

function withSource<T extends { asOf: string }>(
  feed: SourceName,
  { asOf, ...row }: T,
): Omit<T, 'asOf'> & { source: EvidenceSource } {
  return { ...row, source: { feed, asOf: new Date(asOf) } };
}
