import { jest } from '@jest/globals';
import { Client, type QueryConfig } from 'pg';

/**
 * Records every statement that this process sends to Postgres while `work` runs.
 * @returns their texts, each with its values, without `begin` and `commit`
 */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  return (await recordMessages(work)).filter((statement) => !/^(begin|commit|rollback)/i.test(statement));
}

/** Counts the statements that this process sends to Postgres while `work` runs: round trips, `begin` and `commit` among them. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  return (await recordMessages(work)).length;
}

async function recordMessages(work: () => Promise<unknown>): Promise<string[]> {
  const query = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const calls = query.mock.calls as unknown as [string | QueryConfig, unknown[] | undefined][];
    return calls
      .map(([sent, values]) => (typeof sent === 'string' ? { text: sent, values } : sent))
      .map(({ text, values = [] }) => `${text.trim()} ${JSON.stringify(values)}`);
  } finally {
    query.mockRestore();
  }
}
