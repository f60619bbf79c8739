import type { Client } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../../../workflows/search-attributes.ts';

const { IndexedValueType } = temporal.api.enums.v1;

/** The search attributes of our workflows. */
export const ownSearchAttributes: readonly SearchAttribute[] = Object.values(searchAttributes);

/** A search attribute as `defineSearchAttributeKey` makes it. */
export interface SearchAttribute {
  name: string;
  type: SearchAttributeType;
}

/**
 * Registers search attributes on a server, also when another test file has done so. Without them the first upsert fails
 * its workflow task again and again, which looks like a hang.
 */
export async function addSearchAttributes(
  client: Client,
  attributes: readonly SearchAttribute[],
): Promise<void> {
  const types = Object.fromEntries(
    attributes.map(({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]),
  );
  if (attributes.length === 0) return;
  const { namespace } = client.options;
  try {
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  } catch (error) {
    const alreadyExists = 6;
    if ((error as { code?: number }).code !== alreadyExists) throw error;
  }
}
