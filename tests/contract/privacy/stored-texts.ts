import { sql } from 'kysely';
import { audit } from '../../../workflows/audit.ts';
import { reviewEveryone } from '../../../workflows/review-everyone.ts';
import type { Stack } from '../../harness/stack.ts';
import { type StoredText, textOf } from './marks.ts';

/** The queries that every workflow answers by itself. */
const queries = ['__temporal_workflow_metadata', '__stack_trace'] as const;

/** The scheduled stories, which go over everybody: each has run once by its id. */
const scheduled = { 'review-everyone': reviewEveryone, audit } as const;

/** Runs each of them. */
export async function runScheduledWorkflows({ temporal, taskQueue }: Stack): Promise<void> {
  for (const [name, story] of Object.entries(scheduled))
    await temporal.workflow.execute(story, { workflowId: scheduledId(name, taskQueue), taskQueue });
}

const scheduledId = (name: string, taskQueue: string) => `${name}-of-${taskQueue}`;

/** The ids of all stories of a stack. */
async function workflowIds({ db }: Stack): Promise<string[]> {
  const onboardings = await db.selectFrom('onboardings').select(['npn', 'planYear']).execute();
  const referrals = await db.selectFrom('referrals').select('id').execute();
  return [
    ...onboardings.map(({ npn, planYear }) => `onboarding-${npn}-${planYear}`),
    ...referrals.map(({ id }) => `referral-${id}`),
  ];
}

/** What Temporal keeps and answers of each story; the worker has to be there for the queries. */
export async function temporalTexts(stack: Stack): Promise<StoredText[]> {
  return workflowTexts(stack, await workflowIds(stack));
}

/** The same of the scheduled stories that were run. */
export async function scheduledWorkflowTexts(stack: Stack): Promise<StoredText[]> {
  return workflowTexts(
    stack,
    Object.keys(scheduled).map((name) => scheduledId(name, stack.taskQueue)),
  );
}

async function workflowTexts(stack: Stack, ids: readonly string[]): Promise<StoredText[]> {
  const texts = await Promise.all(
    ids.map(async (id): Promise<StoredText[]> => {
      const handle = stack.temporal.workflow.getHandle(id);
      const { raw } = await handle.describe();
      return [
        { where: `the history of ${id}`, text: textOf(await handle.fetchHistory()) },
        // memo, search attributes, summary, and of running deeds their last failures and heartbeats
        { where: `the description of ${id}`, text: textOf(raw) },
        ...(await Promise.all(
          queries.map(async (query) => ({
            where: `${query} of ${id}`,
            text: textOf(await handle.query(query)),
          })),
        )),
      ];
    }),
  );
  return texts.flat();
}

/** Tables that are read by others than those who may know a person: what happened, and what is to follow. */
export async function tableTexts({ db }: Stack): Promise<StoredText[]> {
  const events = await db.selectFrom('events').select(['kind', 'data']).execute();
  const outbox = await db
    .selectFrom('messagesSeen' as 'outbox')
    .select(['type', 'payload'])
    .execute();
  return [
    ...events.map(({ kind, data }) => ({ where: `the event ${kind}`, text: textOf(data) })),
    ...outbox.map(({ type, payload }) => ({ where: `the outbox message ${type}`, text: textOf(payload) })),
  ];
}

/** The relay deletes a message once it is done, so each is also recorded here as it comes. */
export async function recordOutboxMessages({ db }: Stack): Promise<void> {
  await sql`create table messages_seen (type text, payload jsonb)`.execute(db);
  await sql`
    create function write_down() returns trigger language plpgsql as $$
    begin insert into messages_seen values (new.type, new.payload); return null; end $$`.execute(db);
  await sql`create trigger written_down after insert on outbox for each row execute function write_down()`.execute(
    db,
  );
}
