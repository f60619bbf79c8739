import { Client } from 'pg';
import type { Stack } from '../../harness/stack.ts';
import type { StoredText } from './marks.ts';

/** Every value of every column of every table, as its text; bytes also as the text that they are, and in base64. */
export async function dumpOf({ ownerUrl }: Pick<Stack, 'ownerUrl'>): Promise<StoredText[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
      `select c.table_name as table, c.column_name as column, c.data_type as type from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name not in ('zips', 'zip_states')`,
    );
    const texts: StoredText[] = [];
    for (const { table, column, type } of columns) {
      const { rows } = await client.query<{ value: unknown }>(
        `select ${type === 'bytea' ? `"${column}"` : `"${column}"::text`} as value from "${table}" where "${column}" is not null`,
      );
      const text = rows.map(({ value }) =>
        Buffer.isBuffer(value)
          ? ['hex', 'latin1', 'utf8', 'base64'].map((as) => value.toString(as as BufferEncoding)).join(' ')
          : String(value),
      );
      texts.push({ where: `${table}.${column}`, text: text.join('\n') });
    }
    return texts;
  } finally {
    await client.end();
  }
}
