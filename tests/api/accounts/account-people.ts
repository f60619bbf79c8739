import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { ApiAnswer, ApiHarness } from '../../harness/api-harness.ts';
import { addAgent, testPassword } from '../../harness/people/people.ts';

export interface TestAccount {
  accountId: string;
  username: string;
  /** Null for the operations team. */
  npn: string | null;
}

/** Adds an account that nobody is logged in to: of a new agent, or of the operations team. */
export async function addAccount({ db }: ApiHarness, role: 'agent' | 'ops' = 'agent'): Promise<TestAccount> {
  const npn = role === 'agent' ? await addAgent(db, { registered: true, stage: 'active' }) : null;
  const [accountId, username] = [randomUUID(), `ana-${randomUUID().slice(0, 8)}`];
  const passwordHash = await hash(testPassword, { memoryCost: 1024, timeCost: 1 });
  await db
    .insertInto('accounts')
    .values({ id: accountId, username, role, npn, createdAt: new Date(), passwordHash })
    .execute();
  return { accountId, username, npn };
}

/** The name and value of a cookie that an answer sets; empty if it sets none. */
export function cookieOf({ headers }: ApiAnswer, name: 'session' | 'device'): string {
  return (
    headers
      .getSetCookie()
      .find((header) => header.startsWith(name))
      ?.split(';')[0] ?? ''
  );
}

/** Security events of an account, first to last. */
export async function securityEventsOf({ db }: ApiHarness, accountId: string) {
  const rows = await db
    .selectFrom('securityEvents')
    .select(['kind', 'detail'])
    .where('accountId', '=', accountId)
    .orderBy('id')
    .execute();
  return rows.map(({ kind, detail }) => (detail === null ? kind : `${kind} ${detail}`));
}

/** Notices to an agent, first to last, with their channels. */
export async function noticesTo({ db }: ApiHarness, npn: string | null) {
  return db
    .selectFrom('notices')
    .leftJoin('deliveries', 'noticeId', 'notices.id')
    .select(['notices.id', 'kind', 'data', 'channel', 'toAddress'])
    .where('npn', '=', npn)
    .orderBy('notices.createdAt')
    .execute();
}
