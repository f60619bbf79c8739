import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../standalone/services/embedded-postgres.ts';
import { projectFolder, runBuild } from '../../../standalone/services/programs.ts';
import { findTemporalExecutable } from '../../../standalone/services/temporal-executable.ts';
import { findTemporalServer } from '../../harness/temporal-server.ts';
import { readServices, type Service } from './compose-file.ts';
import { createProcesses, type NativeService } from './native-processes.ts';
import { choosePorts, imageEnvironment, portOf, toNativeService } from './native-services.ts';

/** What no program of this machine stands for: the UI is part of the development server alone. */
const leftOut = new Set(['temporal-ui']);

export type RunningCompose = Awaited<ReturnType<typeof composeUp>>;

/**
 * `docker compose up` without containers: each service of docker-compose.yml runs by its own command with its own
 * variables, in the order of `depends_on`; programs of this machine stand for the images.
 * @param settings what the environment of `docker compose` holds
 * @throws with the end of its log when a service does not start; nothing runs then
 */
export async function composeUp(settings: Record<string, string>) {
  const places = await choosePorts();
  const apiUrl = `http://127.0.0.1:${portOf(places, 'api', 3000)}`;
  const services = readServices({ PUBLIC_URL: apiUrl, ...settings });
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const endAll = prepareEnd(folder);
  const processes = createProcesses(folder, await findPrograms(folder));
  const started = new Map<string, Promise<void>>();

  function native(name: string): NativeService {
    const service = serviceOf(name);
    const { env, command, healthcheck } = toNativeService(name, service, places);
    return {
      name,
      // what the server's image runs by itself
      command: name === 'temporal' ? ['temporal-server', 'start'] : command,
      env: { ...(service.build ? imageEnvironment() : {}), ...env },
      healthcheck,
    };
  }

  function serviceOf(name: string): Service {
    const service = services[name];
    if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
    return service;
  }

  function runJob(name: string): Promise<void> {
    const restarts = Number(serviceOf(name).restart.split(':')[1] ?? 0);
    return processes.runJob(native(name), 1 + restarts);
  }

  async function startPostgres({ command, env }: NativeService): Promise<void> {
    const { POSTGRES_PASSWORD: password = '', POSTGRES_DB: database = '' } = env;
    const options = [...command.filter((word) => word.includes('=')), 'fsync=off'];
    const port = portOf(places, 'postgres', 5432);
    await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port, password, database, options });
  }

  /** Others wait until a job is done and until any other service is healthy. */
  async function startAfterOthers(name: string): Promise<void> {
    const service = serviceOf(name);
    await Promise.all(Object.keys(service.depends_on ?? {}).map(start));
    if (name === 'postgres') await startPostgres(native(name));
    else await (isJob(service) ? runJob(name) : processes.keepRunning(native(name)));
  }

  function start(name: string): Promise<void> {
    const known = started.get(name) ?? startAfterOthers(name);
    started.set(name, known);
    return known;
  }

  async function down(): Promise<void> {
    processes.expectEnd();
    await Promise.allSettled([started.get('postgres')]);
    await endAll();
    await Promise.allSettled(started.values());
  }

  const all = Object.keys(services).filter((name) => !leftOut.has(name) && !isCommand(serviceOf(name)));
  try {
    await Promise.race([Promise.all(all.map(start)), processes.accident]);
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
    /** `docker compose run NAME …` */
    runCommand: (name: string, ...words: string[]) => {
      const { command, ...rest } = native(name);
      return processes.runJob({ ...rest, command: [...command, ...words] }, 1);
    },
    /** Ends a service by force and starts it again, as its restart rule does. */
    async kill(name: string) {
      await processes.kill(name);
      await processes.keepRunning(native(name));
    },
    down,
  };
}

/** A command runs when somebody asks for it. */
function isCommand({ profiles }: Service): boolean {
  return profiles !== undefined;
}

/** A job ends; whatever else ends is started again. */
export function isJob({ restart }: Service): boolean {
  return restart.startsWith('on-failure');
}

/** A process of its own waits for the end of everything, which may also be that of this process. */
function prepareEnd(folder: string): () => Promise<void> {
  const program = join(projectFolder, 'tests', 'contract', 'compose', 'teardown-process.ts');
  const ender = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    cwd: projectFolder,
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => ender.once('exit', () => resolve()));
  return () => {
    ender.stdin.end();
    return ended;
  };
}

/** The programs of the images: Temporal's by their own names, and the build as it lies in our image. */
async function findPrograms(folder: string): Promise<{ path: string; cwd: string }> {
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  const servers = await findTemporalServer(process.env);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  symlinkSync(await findTemporalExecutable(process.env, say), join(tools, 'temporal'));
  await runBuild(say);
  const cwd = join(folder, 'app');
  mkdirSync(cwd);
  symlinkSync(join(projectFolder, 'dist'), join(cwd, 'dist'));
  return { path: [tools, servers, process.env['PATH']].join(':'), cwd };
}
