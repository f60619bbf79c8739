import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Database } from '../../../store/database/connection.ts';
import type {
  DB,
  Licenses,
  RegistrationCompletions,
  TrainingCompletions,
} from '../../../store/database/schema.ts';
import { monday } from '../activity-harness.ts';

/** Evidence that the feeds bring about an agent. What is left out fulfills every condition. */
export interface EvidenceFixture {
  /** States where the agent is licensed and wants referrals; the first is the resident one. Texas by default. */
  states?: string[];
  languages?: string[];
  registration?: Partial<Insertable<RegistrationCompletions>>;
  training?: Partial<Insertable<TrainingCompletions>>;
  license?: Partial<Insertable<Licenses>>;
}

/** Writes the feed rows of an agent who fulfills every condition, replacing earlier ones. */
export async function seedEvidence(
  db: Database,
  about: EvidenceFixture & { npn: string; planYear: number },
): Promise<void> {
  const { npn, planYear, states = ['TX'], languages = ['en'] } = about;
  const source = { npn, releaseId: await seedRelease(db), changedAt: monday };
  await replace(db, 'registrationCompletions', {
    ...source,
    planYear,
    completedOn: `${planYear - 1}-09-14`,
    endsOn: `${planYear}-12-31`,
    npnValid: 'Y',
    npnValidKept: 'Y',
    ...about.registration,
  });
  const trainedOn = `${planYear - 1}-09-12`;
  await replace(db, 'trainingCompletions', {
    ...source,
    planYear,
    languages,
    statesWanted: states,
    newToMarketplace: false,
    firstName: 'Ada',
    lastName: 'Alder',
    email: `agent-${npn}@example.com`,
    marketplaceRegisteredOn: trainedOn,
    marketplaceTrainedOn: trainedOn,
    cmsAgreementsSignedOn: trainedOn,
    courseworkCompletedOn: trainedOn,
    niprValidatedOn: trainedOn,
    ...about.training,
  });
  await db.deleteFrom('licenses').where('npn', '=', npn).execute();
  for (const [index, state] of states.entries()) {
    await db
      .insertInto('licenses')
      .values({
        ...source,
        state,
        licenseNumber: `${npn}-${index}`,
        licenseClass: 'Producer',
        resident: index === 0,
        active: true,
        issuedOn: '2020-01-15',
        expiresOn: null,
        lineCode: '16',
        lineOfAuthority: 'Health',
        lineActive: true,
        ...about.license,
      })
      .execute();
  }
}

/** Adds an entry to the termination list. */
export async function seedTermination(
  db: Database,
  entry: { npn: string; status: string; datedOn: string; planYear?: number; marketplaces?: string },
): Promise<void> {
  const { npn, status, datedOn, planYear = 2027, marketplaces = 'BOTH' } = entry;
  await db
    .insertInto('terminations')
    .values({
      npn,
      status,
      datedOn,
      marketplaces,
      effectivePlanYear: planYear,
      releaseId: await seedRelease(db, 'terminations'),
      changedAt: monday,
    })
    .execute();
}

async function replace<Table extends 'registrationCompletions' | 'trainingCompletions'>(
  db: Database,
  table: Table,
  row: Insertable<DB[Table]> & { npn: string; planYear: number },
): Promise<void> {
  await db
    .deleteFrom(table as 'trainingCompletions')
    .where('npn', '=', row.npn)
    .where('planYear', '=', row.planYear)
    .execute();
  await db.insertInto(table).values(row).execute();
}

async function seedRelease(db: Database, kind = 'licenses'): Promise<string> {
  const counts = { bytes: 0, added: 0, changed: 0, removed: 0, unchanged: 0, bad: 0 };
  const { id } = await db
    .insertInto('feedReleases')
    .values({ kind, sha256: randomBytes(32).toString('hex'), ...counts, receivedAt: monday })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
