import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that can be told from a later one with the same number. */
export interface KnownProcess {
  pid: number;
  /** When it started, in the system's own terms. */
  since: string;
}

/** Remembers a running process; undefined when there is none with this number. */
export function identifyProcess(pid: number): KnownProcess | undefined {
  const since = startOf(pid);
  return since === undefined ? undefined : { pid, since };
}

/** Whether the remembered process still runs: not ended, no zombie, and no other one under its number. */
export function isRunning(process: KnownProcess): boolean {
  return startOf(process.pid) === process.since;
}

/** The command line of a process; undefined when it cannot be read. */
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
 * Asks a process to end, and ends it by force after `patienceMs`. It is one of ours: each was started in a group
 * of its own, so that its children end with it.
 */
export async function endProcess(process: KnownProcess, patienceMs: number): Promise<void> {
  if (!isRunning(process)) return;
  signal(process.pid, 'SIGTERM');
  const deadline = Date.now() + patienceMs;
  while (isRunning(process) && Date.now() < deadline) await sleep(25);
  if (!isRunning(process)) return;
  signalGroup(process.pid, 'SIGKILL');
  while (isRunning(process)) await sleep(10);
}

/** Ends a process and the group it leads without waiting for it. Postgres takes `SIGQUIT` for an immediate shutdown. */
export function killProcess(process: KnownProcess, name: 'SIGKILL' | 'SIGQUIT' = 'SIGKILL'): void {
  if (!isRunning(process)) return;
  if (name === 'SIGKILL') signalGroup(process.pid, name);
  else signal(process.pid, name);
}

/** Sends a signal to a process; that it has ended meanwhile is no error. */
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

/** On Linux the ticks since boot at which it started, elsewhere the time that `ps` tells. */
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
