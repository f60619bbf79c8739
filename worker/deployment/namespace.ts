import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { searchAttributes } from '../../workflows/search-attributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const alreadyExists = 6;

/**
 * Days that Temporal keeps a closed workflow; afterwards only Postgres answers for it (docs/architecture.md, rule 4).
 */
export const retentionDays = 30;

/** Prepares a namespace: the search attributes that ops use, and the retention of closed workflows. Safe to repeat. */
export async function provision(client: Client): Promise<void> {
  await registerSearchAttributes(client);
  await setRetention(client);
}

/** Registers the search attributes. Without them a workflow task that upserts one fails again and again. */
export async function registerSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const wanted = Object.values(searchAttributes).map(({ name, type }) => [
    name,
    IndexedValueType[`INDEXED_VALUE_TYPE_${type}`],
  ]);
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(wanted) });
  } catch (error) {
    if ((error as { code?: number }).code !== alreadyExists) throw error;
  }
}

async function setRetention(client: Client): Promise<void> {
  const { namespace } = client.options;
  const workflowExecutionRetentionTtl = msToTs(`${retentionDays} days`);
  await client.connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl },
  });
}
