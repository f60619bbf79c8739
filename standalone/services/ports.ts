import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { commandOf } from './processes.ts';

/** Range below the ephemeral ports: an outgoing connection could take an ephemeral port before it is used. */
const range = { from: 20_000, to: 30_000 };

/** What keeps the chosen ports from being chosen again, by this process or another one, as long as this one lives. */
const reservations: Socket[] = [];

/**
 * Chooses a free port of this machine, below 32,768, where Temporal's columns end. No other call gets the same one, in
 * no process: between the choice and the first `listen` nothing else would tell that it is taken.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.to);
    const reservation = await reserve(port);
    if (reservation === undefined) continue;
    reservations.push(reservation);
    if (await isFree(port)) return port;
  }
}

/** Takes the UDP port of the same number, which no part of ours uses; undefined if another process has taken it. */
function reserve(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.unref();
    socket.once('error', () => socket.close(() => resolve(undefined)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket));
  });
}

/**
 * Checks that all ports are free.
 * @param ports the port of each variable, such as `{ PORT: 3000 }`
 * @throws one error that names every port in use, its variable, and the program that uses it
 */
export async function assertPortsAreFree(ports: Record<string, number>): Promise<void> {
  const problems: string[] = [];
  for (const [variable, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const holder = holderOf(port) ?? 'another program';
    problems.push(
      `Port ${port} (${variable}) is in use by ${holder}. Stop it, or choose another port: ${variable}=${port + 10_000} npm start`,
    );
  }
  const duplicates = Object.entries(ports).filter(([, port], index, all) =>
    all.some(([, other], otherIndex) => other === port && otherIndex < index),
  );
  for (const [variable, port] of duplicates) {
    problems.push(`Port ${port} (${variable}) is also the port of another variable. Each needs its own.`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Tries the loopback address and all addresses, because on some systems one can be used while the other is taken. */
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

/** Program that uses a port, such as "node dist/api/main.js (pid 123)"; undefined if it belongs to another user. */
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

/** Finds the inode of the listening socket in /proc/net, then the process that has it open. */
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
