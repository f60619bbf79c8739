import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../standalone/services/embedded-postgres.ts';
import { freePort } from '../standalone/services/ports.ts';
import { migrate } from '../store/database/migrate.ts';

/**
 * `npm run schema`: writes the types of the migrated database to store/database/schema.ts. With `--verify` it only says
 * whether they are up to date, by its exit code.
 */
async function main(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'schema-'));
  const folder = join(base, 'cluster');
  try {
    const port = await freePort();
    const { url } = await startEmbeddedPostgres({ folder, port, password: 'schema', database: 'hod' });
    await migrate(url);
    process.exitCode = await generate(url, process.argv.includes('--verify'));
  } finally {
    await stopEmbeddedPostgres(folder, 'immediate');
    rmSync(base, { recursive: true });
  }
}

/** An `int8` is a number and a `date` a text: `runtime/database.ts` reads them so. @returns the exit code */
function generate(url: string, onlyVerify: boolean): Promise<number> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const types = [
    '--camel-case',
    '--type-mapping',
    '{"int8":"number","date":"string"}',
    '--exclude-pattern',
    'migrations',
  ];
  const place = [
    '--out-file',
    join(root, 'store', 'database', 'schema.ts'),
    ...(onlyVerify ? ['--verify'] : []),
  ];
  const tool = join(root, 'node_modules', '.bin', 'kysely-codegen');
  const child = spawn(tool, ['--dialect', 'postgres', '--url', url, ...types, ...place], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}

await main();
