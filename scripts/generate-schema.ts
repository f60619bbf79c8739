import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { readCommandLine } from '../runtime/command-line.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../standalone/services/embedded-postgres.ts';
import { freePort } from '../standalone/services/ports.ts';
import { migrate } from '../store/database/migrate.ts';
import { readCatalog } from './schema-sql/catalog.ts';
import { renderSchema } from './schema-sql/render.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'store', 'database');

const command = {
  name: 'npm run schema',
  about:
    'Migrates an empty database of its own, then writes its types to store/database/schema.ts and its schema as readable ' +
    'SQL to store/database/schema.sql.',
  options: {
    verify: { type: 'boolean', about: 'writes nothing, and fails if one of them is not up to date' },
  },
  exitCodes: { 0: 'both files are up to date', 1: 'one is not up to date, or it failed' },
} as const;

async function main(): Promise<void> {
  const { verify: onlyVerify = false } = readCommandLine(command).values;
  const base = mkdtempSync(join(tmpdir(), 'schema-'));
  const cluster = join(base, 'cluster');
  try {
    const port = await freePort();
    const { url } = await startEmbeddedPostgres({
      folder: cluster,
      port,
      password: 'schema',
      database: 'hod',
    });
    await migrate(url);
    const codes = [await generateTypes(url, onlyVerify), await generateSql(url, onlyVerify)];
    process.exitCode = Math.max(...codes);
  } finally {
    await stopEmbeddedPostgres(cluster, 'immediate');
    rmSync(base, { recursive: true });
  }
}

/** Generates the types: `int8` as number and `date` as text, as `runtime/database.ts` reads them. @returns the exit code */
function generateTypes(url: string, onlyVerify: boolean): Promise<number> {
  const types = [
    '--camel-case',
    '--type-mapping',
    '{"int8":"number","date":"string"}',
    '--exclude-pattern',
    'migrations',
  ];
  const output = ['--out-file', join(folder, 'schema.ts'), ...(onlyVerify ? ['--verify'] : [])];
  const tool = join(root, 'node_modules', '.bin', 'kysely-codegen');
  const child = spawn(tool, ['--dialect', 'postgres', '--url', url, ...types, ...output], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}

/** Generates the readable SQL. @returns the exit code */
async function generateSql(url: string, onlyVerify: boolean): Promise<number> {
  const file = join(folder, 'schema.sql');
  const client = new Client({ connectionString: url });
  await client.connect();
  const schema = renderSchema(await readCatalog(client));
  await client.end();
  if (!onlyVerify) writeFileSync(file, schema);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== schema) {
    process.stderr.write(`${relative(root, file)} is not up to date: run npm run schema.\n`);
    return 1;
  }
  return 0;
}

await main();
