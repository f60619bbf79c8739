import { userInfo } from 'node:os';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { describeFailure } from '../../runtime/run-process.ts';
import { readSettings } from '../../runtime/settings.ts';
import { ignoreClosedOutput } from '../../runtime/stop-signals.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import {
  type LineOfAuthorityMapping,
  mapLineOfAuthority,
  readUnmappedLinesOfAuthority,
} from '../../store/feeds/lines-of-authority.ts';

/*
 * `npm run lines`: lists the lines of authority that licenses have and no mapping knows.
 * `npm run lines -- STATE NAME health|other`: maps one as health-related or not, for a state, or for '*': every state
 * without a mapping of its own. The mapping keeps who made it and when, and the agents concerned are reviewed.
 * Exit codes: 1 if the command failed, 2 for wrong arguments.
 */

const usage = `Usage: npm run lines
       npm run lines -- STATE 'NAME' health|other
  STATE is two letters, or '*' for every state without a mapping of its own
`;

async function listUnmapped(db: Database): Promise<string> {
  const unmapped = await readUnmappedLinesOfAuthority(db);
  if (unmapped.length === 0) return 'Every line of authority in use is mapped.\n';
  const rows = unmapped.map(({ state, name, licenses, agents }) =>
    [state, name, counted(licenses, 'license'), counted(agents, 'agent')].join('\t'),
  );
  return `${rows.join('\n')}\n`;
}

async function saveMapping(db: Database, mapping: LineOfAuthorityMapping): Promise<string> {
  const { changed, woken } = await db
    .transaction()
    .execute((tx) => mapLineOfAuthority(tx, { ...mapping, by: currentUser(), at: new Date() }));
  if (!changed) return 'The mapping says so already; nothing has changed.\n';
  return `Mapped; ${counted(woken, 'onboarding')} will be reviewed.\n`;
}

/** Parses the arguments; without any returns undefined. @throws an Error with the usage if they are wrong */
function parseMapping(args: readonly string[]): LineOfAuthorityMapping | undefined {
  if (args.length === 0) return undefined;
  const [state = '', name = '', kind = '', ...others] = args;
  const isState = /^([A-Za-z]{2}|\*)$/.test(state);
  if (!isState || name.trim() === '' || !['health', 'other'].includes(kind) || others.length > 0)
    throw new Error(usage);
  return { state, name, health: kind === 'health' };
}

function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    // a container's user may have no name
    return process.env['USER'] ?? 'unknown';
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

async function run(mapping: LineOfAuthorityMapping | undefined): Promise<void> {
  const settings = readSettings(completeEnvironment(process.env), 'lines');
  await checkPostgresConnection(settings.databaseUrl, settings.connectTimeoutMs);
  const db = createDatabase<DB>(settings.databaseUrl, { poolSize: 1, name: 'lines' });
  try {
    process.stdout.write(await (mapping ? saveMapping(db, mapping) : listUnmapped(db)));
  } finally {
    await db.destroy();
  }
}

ignoreClosedOutput();
let mapping: LineOfAuthorityMapping | undefined;
try {
  mapping = parseMapping(process.argv.slice(2));
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exit(2);
}
try {
  await run(mapping);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
