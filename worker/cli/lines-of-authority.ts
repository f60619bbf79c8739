import { userInfo } from 'node:os';
import { readCommandLine, refuseCommandLine } from '../../runtime/command-line.ts';
import { checkPostgresConnection } from '../../runtime/connection-checks.ts';
import { createDatabase, importLimits } from '../../runtime/database.ts';
import { completeEnvironment } from '../../runtime/environment.ts';
import { describeFailure } from '../../runtime/run-process.ts';
import { describeSettings, readSettings } from '../../runtime/settings.ts';
import { ignoreClosedOutput } from '../../runtime/stop-signals.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import {
  type LineOfAuthorityMapping,
  mapLineOfAuthority,
  readUnmappedLinesOfAuthority,
} from '../../store/feeds/lines-of-authority.ts';

const command = {
  name: 'npm run lines',
  about:
    'Without arguments lists the lines of authority that licenses have and no mapping knows. With all three it maps one, ' +
    'keeps who did so and when, and has the agents concerned reviewed. Needs the build.',
  args: {
    '[STATE]': { about: "two letters, or '*' for every state without a mapping of its own" },
    '[NAME]': { about: 'the line of authority as licenses name it' },
    '[CLASS]': { about: 'whether it is about health insurance', oneOf: ['health', 'other'] },
  },
  settings: describeSettings('lines'),
  exitCodes: { 0: 'it has listed or mapped', 1: 'it failed; standard error says why' },
};

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

/** Reads the mapping from the command line; undefined without arguments. */
function readMapping(): LineOfAuthorityMapping | undefined {
  const { args } = readCommandLine(command);
  if (args.length === 0) return undefined;
  const [state = '', name = '', kind] = args;
  if (!/^([A-Za-z]{2}|\*)$/.test(state)) refuseCommandLine(command, "STATE is neither two letters nor '*'");
  if (name.trim() === '' || kind === undefined) refuseCommandLine(command, 'Missing: NAME CLASS');
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
  const db = createDatabase<DB>(settings.databaseUrl, {
    poolSize: 1,
    name: 'lines',
    limits: importLimits(settings.importTimeoutMs),
  });
  try {
    process.stdout.write(await (mapping ? saveMapping(db, mapping) : listUnmapped(db)));
  } finally {
    await db.destroy();
  }
}

ignoreClosedOutput();
try {
  await run(readMapping());
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
