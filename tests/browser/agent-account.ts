import { randomInt, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { seedEvidence } from '../harness/people/evidence-fixtures.ts';
import { seedAcceptedTerms } from '../harness/people/fixtures.ts';
import type { PortalStack } from './portal-stack.ts';

export const agentPassword = 'Harbor!Lantern7';

/** Adds an active agent in Phoenix who can log in. */
export async function addAgentAccount({
  db,
}: Pick<PortalStack, 'db'>): Promise<{ npn: string; accountId: string; username: string; password: string }> {
  const npn = `${randomInt(100_000_000, 999_999_999)}`;
  const [at, accountId, username] = [new Date(), randomUUID(), `agent.${npn}`];
  await seedEvidence(db, { npn, planYear: 2027, states: ['AZ'] });
  await db
    .insertInto('agents')
    .values({
      npn,
      firstName: 'Ada',
      lastName: 'Alder',
      email: `agent-${npn}@example.com`,
      syncedAt: at,
      languages: ['en'],
      statesWanted: ['AZ'],
      phone: '+16025550142',
      contactPreference: 'email',
      zip: '85004',
      timeZone: 'America/Phoenix',
      registeredAt: at,
    })
    .execute();
  await db
    .insertInto('onboardings')
    .values({ npn, planYear: 2027, stage: 'active', since: at, createdAt: at })
    .execute();
  const passwordHash = await hash(agentPassword, { memoryCost: 1024, timeCost: 1 });
  await db
    .insertInto('accounts')
    .values({ id: accountId, username, passwordHash, role: 'agent', npn, createdAt: at })
    .execute();
  await seedAcceptedTerms(db, npn);
  return { npn, accountId, username, password: agentPassword };
}
