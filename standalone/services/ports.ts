import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { commandOf } from './processes.ts';

/** Below those that systems give to connections going out: such a one can be taken again before it is listened on. */
const choosable = { from: 20_000, to: 30_000 };

/** What this process was given before, and may not listen on yet. */
const reservedPorts = new Set<number>();

/** A port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(choosable.from, choosable.to);
    if (reservedPorts.has(port) || !(await isFree(port))) continue;
    reservedPorts.add(port);
    return port;
  }
}

/**
 * Makes sure that ports can be listened on.
 * @param ports the port of each variable, such as `{ PORT: 3000 }`
 * @throws one error that names every port in use, its variable, and what holds it
 */
export async function assertPortsAreFree(ports: Record<string, number>): Promise<void> {
  const problems: string[] = [];
  for (const [variable, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const holder = holderOf(port) ?? 'another program';
    problems.push(
      `Port ${port} (${variable}) is in use by ${holder}. End it, or choose another: ${variable}=${port + 10_000} npm start`,
    );
  }
  const doubled = Object.entries(ports).filter(([, port], index, all) =>
    all.some(([, other], otherIndex) => other === port && otherIndex < index),
  );
  for (const [variable, port] of doubled) {
    problems.push(`Port ${port} (${variable}) is also another variable's: each needs its own.`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Tried on the loopback address and on all of them: on some systems the one does not exclude the other. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** «node dist/api/main.js (pid 123)»; undefined when the system does not tell, such as for another's program. */
function holderOf(port: number): string | undefined {
  const pid = process.platform === 'linux' ? listenerFromProc(port) : listenerFromLsof(port);
  if (pid === undefined) return undefined;
  const [program = 'a program', ...rest] = (commandOf(pid) ?? '').split(' ').filter(Boolean);
  const script = rest.find((word) => !word.startsWith('-')) ?? '';
  return `${[basename(program), script].join(' ').trim()} (pid ${pid})`;
}

function listenerFromLsof(port: number): number | undefined {
  try {
    const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return Number(text.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/** Finds the listening socket's inode in the tables of the kernel, then the process that has it open. */
function listenerFromProc(port: number): number | undefined {
  const listening = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((path) => attempt(() => readFileSync(path, 'utf8').split('\n').slice(1)) ?? [])
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listening)
    .map((fields) => `socket:[${fields[9]}]`);
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => {
    const files = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    return files.some((file) =>
      inodes.includes(attempt(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? ''),
    );
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
