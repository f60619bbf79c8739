import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../standalone/embedded-postgres.ts';
import { lastLines, openLog } from '../../standalone/log-files.ts';
import { endProcess, type KnownProcess, know, signal } from '../../standalone/processes.ts';
import { projectFolder, runBuild } from '../../standalone/programs.ts';
import { findTemporalExecutable } from '../../standalone/temporal-executable.ts';
import { findTemporalServer } from '../support/temporal-server.ts';
import { readServices, type Service } from './compose-file.ts';
import { choosePlaces, imageEnvironment, natively, portOf } from './native.ts';

/** What no program of this machine stands for: the UI is part of the development server alone. */
const leftOut = new Set(['temporal-ui']);

export type RunningCompose = Awaited<ReturnType<typeof composeUp>>;

/**
 * `docker compose up` without containers: each service of docker-compose.yml runs by its own command with its own
 * variables, in the order of `depends_on`; programs of this machine stand for the images.
 * @param settings what the environment of `docker compose` holds
 */
export async function composeUp(settings: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const places = await choosePlaces();
  const apiUrl = `http://127.0.0.1:${portOf(places, 'api', 3000)}`;
  const services = readServices({ PUBLIC_URL: apiUrl, ...settings });
  const machine = await findPrograms(folder);
  const running = new Map<string, KnownProcess>();
  const started = new Map<string, Promise<void>>();

  function launch(name: string, command: readonly string[], env: Record<string, string>): ChildProcess {
    const [program = '', ...args] = command;
    const log = openLog(folder, name);
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: machine.app,
      env: { PATH: machine.path, ...env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const known = child.pid === undefined ? undefined : know(child.pid);
    if (known !== undefined) running.set(name, known);
    return child;
  }

  /** Runs a job to its end, and again as often as its restart rule says. */
  async function runJob(name: string): Promise<void> {
    const { env, command } = native(name);
    const tries = 1 + Number(serviceOf(name).restart.split(':')[1] ?? 0);
    for (let attempt = 1; ; attempt += 1) {
      const code = await exitCode(launch(name, command, env));
      if (code === 0) return;
      if (attempt >= tries) throw new Error(`${name} ended with ${code}:\n${lastLines(folder, name)}`);
    }
  }

  /** Starts a service and waits until it is healthy by its own check. */
  async function keepRunning(name: string): Promise<void> {
    const { env, command, healthcheck } = native(name);
    if (name === 'postgres') return startPostgres(name, command, env);
    let ended: string | undefined;
    launch(name, name === 'temporal' ? ['temporal-server', 'start'] : command, env).once(
      'exit',
      (code, by) => (ended = `ended by ${by ?? code}`),
    );
    const deadline = Date.now() + 60_000;
    while (!(await isHealthy(healthcheck, env))) {
      if (ended !== undefined || Date.now() > deadline)
        throw new Error(`${name} ${ended ?? 'is not healthy'}:\n${lastLines(folder, name)}`);
      await sleep(100);
    }
  }

  async function startPostgres(name: string, command: readonly string[], env: Record<string, string>) {
    const { POSTGRES_PASSWORD: password = '', POSTGRES_DB: database = '' } = env;
    await startEmbeddedPostgres({
      folder: join(folder, name),
      port: portOf(places, name, 5432),
      password,
      database,
      options: [...command.filter((word) => word.includes('=')), 'fsync=off'],
    });
  }

  /** By the command of the check where it is Node's; `nc -z` and `pg_isready` are a connection here. */
  async function isHealthy(test: readonly string[], env: Record<string, string>): Promise<boolean> {
    const [, program, ...args] = test;
    if (program !== 'node') return canConnect(Number(args.at(-1)));
    const child = spawn(process.execPath, args, { env: { PATH: machine.path, ...env }, stdio: 'ignore' });
    return (await exitCode(child)) === 0;
  }

  function serviceOf(name: string): Service {
    const service = services[name];
    if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
    return service;
  }

  function native(name: string) {
    const service = serviceOf(name);
    const { env, command, healthcheck } = natively(name, service, places);
    return { env: { ...(service.build ? imageEnvironment() : {}), ...env }, command, healthcheck };
  }

  function start(name: string): Promise<void> {
    const known = started.get(name) ?? startAfterOthers(name);
    started.set(name, known);
    return known;
  }

  /** A service counts as started in the state that others wait for: done, or healthy. */
  async function startAfterOthers(name: string): Promise<void> {
    const service = serviceOf(name);
    await Promise.all(Object.keys(service.depends_on ?? {}).map(start));
    await (isJob(service) ? runJob(name) : keepRunning(name));
  }

  async function down(): Promise<void> {
    await Promise.allSettled(started.values());
    for (const name of [...running.keys()].toReversed()) {
      const process = running.get(name);
      if (process !== undefined) await endProcess(process, 15_000);
    }
    await stopEmbeddedPostgres(join(folder, 'postgres'), 'immediate');
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await Promise.all(
      Object.keys(services)
        .filter((name) => !leftOut.has(name))
        .map(start),
    );
  } catch (error) {
    await down();
    throw error;
  }
  return {
    apiUrl,
    folder,
    services,
    temporalAddress: `127.0.0.1:${portOf(places, 'temporal', 7233)}`,
    runJob,
    /** Ends a service by force and starts it again, as its restart rule does. */
    async kill(name: string) {
      const process = running.get(name);
      if (process !== undefined) {
        signal(process.pid, 'SIGKILL');
        await endProcess(process, 5_000);
      }
      await keepRunning(name);
    },
    down,
  };
}

function isJob({ restart }: Service): boolean {
  return restart.startsWith('on-failure');
}

/** The programs of the images: Temporal's by their own names, and the build as it lies in our image. */
async function findPrograms(folder: string): Promise<{ path: string; app: string }> {
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  const servers = await findTemporalServer(process.env);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  symlinkSync(await findTemporalExecutable(process.env, say), join(tools, 'temporal'));
  await runBuild(say);
  const app = join(folder, 'app');
  mkdirSync(app);
  symlinkSync(join(projectFolder, 'dist'), join(app, 'dist'));
  return { path: [tools, servers, process.env['PATH']].join(':'), app };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
