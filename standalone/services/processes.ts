import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, identified by its number and start time, because numbers are reused. */
export interface KnownProcess {
  pid: number;
  /** Start time in the system's own format. */
  since: string;
}

/** Identifies a running process; undefined if none has this number. */
export function identifyProcess(pid: number): KnownProcess | undefined {
  const since = startOf(pid);
  return since === undefined ? undefined : { pid, since };
}

/** Checks if a process still runs: it is neither a zombie nor a later process with the same number. */
export function isRunning(process: KnownProcess): boolean {
  return startOf(process.pid) === process.since;
}

/** Reads the command line of a process; undefined if it cannot be read. */
export function commandOf(pid: number): string | undefined {
  try {
    const text =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks a process to end, and kills it after `timeoutMs`. Its process group is killed too, so that its children end with
 * it: every process that is started here has its own group.
 */
export async function endProcess(process: KnownProcess, timeoutMs: number): Promise<void> {
  if (!isRunning(process)) return;
  signal(process.pid, 'SIGTERM');
  const deadline = Date.now() + timeoutMs;
  while (isRunning(process) && Date.now() < deadline) await sleep(25);
  if (!isRunning(process)) return;
  signalGroup(process.pid, 'SIGKILL');
  while (isRunning(process)) await sleep(10);
}

/** Kills a process and its group without waiting. `SIGQUIT` is Postgres's signal for an immediate shutdown. */
export function killProcess(process: KnownProcess, name: 'SIGKILL' | 'SIGQUIT' = 'SIGKILL'): void {
  if (!isRunning(process)) return;
  if (name === 'SIGKILL') signalGroup(process.pid, name);
  else signal(process.pid, name);
}

/** Sends a signal to a process. Ignores that it has already ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    signal(pid, name);
  }
}

/** Start time of a process: on Linux in ticks since boot, elsewhere as `ps` prints it. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      const [state = 'Z', ...start] = text.trim().split(/\s+/);
      return state.startsWith('Z') ? undefined : start.join(' ');
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
