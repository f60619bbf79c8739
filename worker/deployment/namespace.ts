import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { type ManualStep, retentionStep, searchAttributesStep, wrongTypesStep } from './manual-steps.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;
type NamespaceDescription = Awaited<ReturnType<typeof describeNamespace>>;
/** Types by name, as `tcld` and `temporal` spell them: Keyword, KeywordList, Datetime. */
type AttributeTypes = ReadonlyMap<string, string>;

const alreadyExists = 6;
/** PERMISSION_DENIED and UNIMPLEMENTED: a namespace of Temporal Cloud may not be changed through its own endpoint. */
const refusals: ReadonlySet<unknown> = new Set([7, 12]);

/**
 * Days that Temporal keeps a closed workflow; afterwards only Postgres answers for it (docs/architecture.md, rule 4).
 */
export const retentionDays = 30;

/**
 * Prepares a namespace: the search attributes that ops use, and the retention of closed workflows. Looks first and
 * changes only what differs. Safe to repeat.
 * @returns what is missing and may not be changed from here, with the commands that do it; empty if all is right
 */
export async function provisionNamespace(client: Client): Promise<ManualStep[]> {
  const description = await describeNamespace(client);
  return [
    ...(await provideSearchAttributes(client, description)),
    ...(await provideRetention(client, description)),
  ];
}

/** True when Temporal refuses a call for good, because of who calls or where. */
export function isRefusedByTemporal(error: unknown): boolean {
  return refusals.has((error as { code?: unknown }).code);
}

function describeNamespace(client: Client) {
  return client.connection.workflowService.describeNamespace({ namespace: client.options.namespace });
}

/** Adds the search attributes. Without them a workflow task that upserts one fails again and again. */
async function provideSearchAttributes(
  client: Client,
  description: NamespaceDescription,
): Promise<ManualStep[]> {
  const { namespace } = client.options;
  const present = await readSearchAttributes(client, description);
  const wanted = Object.values(searchAttributes);
  const wrong = wanted.filter(({ name, type }) => (present.get(name) ?? typeName(type)) !== typeName(type));
  const missing = wanted.filter(({ name }) => !present.has(name));
  const steps = wrong.length > 0 ? [wrongTypesStep(namespace, withTypes(wrong))] : [];
  if (missing.length === 0) return steps;
  const types = missing.map(({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]);
  const isAdded = await isPermitted(async () => {
    await client.connection.operatorService
      .addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) })
      .catch((error: { code?: number }) => {
        // somebody else has added them meanwhile
        if (error.code !== alreadyExists) throw error;
      });
  });
  return isAdded ? steps : [...steps, searchAttributesStep(namespace, withTypes(missing))];
}

/**
 * Reads the custom search attributes. Where listing them is refused, the description of the namespace has them too: as
 * aliases of fields that are numbered within their type, such as Keyword01.
 */
async function readSearchAttributes(
  client: Client,
  { config }: NamespaceDescription,
): Promise<AttributeTypes> {
  const { namespace } = client.options;
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
    return new Map(
      Object.entries(customAttributes ?? {}).map(([name, type]) => [
        name,
        typeName((IndexedValueType[type] ?? '').replace('INDEXED_VALUE_TYPE_', '')),
      ]),
    );
  } catch (error) {
    if (!isRefusedByTemporal(error)) throw error;
    const aliases = Object.entries(config?.customSearchAttributeAliases ?? {});
    return new Map(aliases.map(([field, name]) => [name, field.replace(/\d+$/, '')]));
  }
}

async function provideRetention(client: Client, { config }: NamespaceDescription): Promise<ManualStep[]> {
  const { namespace } = client.options;
  const workflowExecutionRetentionTtl = msToTs(`${retentionDays} days`);
  const isRight =
    Number(config?.workflowExecutionRetentionTtl?.seconds) === Number(workflowExecutionRetentionTtl.seconds);
  const isSet =
    isRight ||
    (await isPermitted(async () => {
      await client.connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl },
      });
    }));
  return isSet ? [] : [retentionStep(namespace, retentionDays)];
}

async function isPermitted(change: () => Promise<void>): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (isRefusedByTemporal(error)) return false;
    throw error;
  }
}

function withTypes(attributes: readonly { name: string; type: string }[]) {
  return attributes.map(({ name, type }) => ({ name, type: typeName(type) }));
}

/** KEYWORD_LIST -> KeywordList */
function typeName(type: string): string {
  return type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
