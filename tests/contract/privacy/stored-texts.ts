import { audit } from '../../../workflows/audit.ts';
import { reviewAll } from '../../../workflows/review-all.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import type { Stack } from '../../harness/stack.ts';
import { type StoredText, textOf } from './marks.ts';

/** The built-in queries of every workflow. */
const queries = ['__temporal_workflow_metadata', '__stack_trace'] as const;

/** The scheduled workflows, which process everybody. */
const scheduled = { 'review-all': reviewAll, audit } as const;

/** Runs each scheduled workflow once. */
export async function runScheduledWorkflows({ temporal, taskQueue }: Stack): Promise<void> {
  for (const [name, workflow] of Object.entries(scheduled))
    await temporal.workflow.execute(workflow, { workflowId: scheduledId(name, taskQueue), taskQueue });
}

const scheduledId = (name: string, taskQueue: string) => `${name}-of-${taskQueue}`;

/** The ids of all workflows of a stack. */
async function workflowIds({ db }: Stack): Promise<string[]> {
  const onboardings = await db.selectFrom('onboardings').select(['npn', 'planYear']).execute();
  const referrals = await db.selectFrom('referrals').select('id').execute();
  return [
    ...onboardings.map(({ npn, planYear }) => `onboarding-${npn}-${planYear}`),
    ...referrals.map(({ id }) => `referral-${id}`),
  ];
}

/** Texts that Temporal stores and answers about each workflow. Queries need a running worker. */
export async function temporalTexts(stack: Stack): Promise<StoredText[]> {
  return workflowTexts(stack, await workflowIds(stack));
}

/** The same texts of the scheduled workflows. */
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
        // memo, search attributes, summary, and the last failures and heartbeats of running activities
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

/** Texts of the tables that are read also by people who must not see personal data: events and outbox. */
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

/** Copies every outbox message into a table, because the relay deletes it once it is dispatched. */
export async function recordOutboxMessages(stack: Stack): Promise<void> {
  await asOwner(
    stack,
    `create table messages_seen (type text, payload jsonb);
     grant select, insert on messages_seen to public;
     create function copy_message() returns trigger language plpgsql as $$
     begin insert into messages_seen values (new.type, new.payload); return null; end $$;
     create trigger message_copied after insert on outbox for each row execute function copy_message()`,
  );
}
