import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../standalone/services/embedded-postgres.ts';
import { projectFolder } from '../../../standalone/services/programs.ts';
import { findTemporalExecutable } from '../../../standalone/services/temporal-executable.ts';
import { findTemporalServer } from '../../harness/servers/temporal-server.ts';
import { readServices, type Service } from './compose-file.ts';
import { imageEnvironment, makeImageFolder } from './image-folder.ts';
import { createProcesses, type NativeService } from './native-processes.ts';
import { choosePorts, portOf, toNativeService } from './native-services.ts';

/** Services without a program on this machine: the UI is only in the development server. */
const leftOut = new Set(['temporal-ui']);

export type RunningCompose = Awaited<ReturnType<typeof composeUp>>;

/**
 * Does `docker compose up` without containers: each service of docker-compose.yml runs its own command with its own
 * variables, in the order of `depends_on`. Programs of this machine replace the images.
 * @param settings the environment of `docker compose`
 * @throws an error with the end of its log when a service does not start; everything else is ended
 */
export async function composeUp(settings: Record<string, string>) {
  const portMap = await choosePorts();
  const apiUrl = `http://127.0.0.1:${portOf(portMap, 'api', 3000)}`;
  const services = readServices({ PUBLIC_URL: apiUrl, ...settings });
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const endAll = prepareEnd(folder);
  const processes = createProcesses(folder, await findPrograms(folder));
  const started = new Map<string, Promise<void>>();

  function native(name: string): NativeService {
    const service = serviceOf(name);
    const { env, command, healthcheck } = toNativeService(name, service, portMap);
    return {
      name,
      // the default command of the server's image
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
    const port = portOf(portMap, 'postgres', 5432);
    await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port, password, database, options });
  }

  /** Starts a service after those it depends on. A job counts when it is done, any other service when it is healthy. */
  async function startWithDependencies(name: string): Promise<void> {
    const service = serviceOf(name);
    await Promise.all(Object.keys(service.depends_on ?? {}).map(start));
    if (name === 'postgres') await startPostgres(native(name));
    else await (isJob(service) ? runJob(name) : processes.startService(native(name)));
  }

  function start(name: string): Promise<void> {
    const starting = started.get(name) ?? startWithDependencies(name);
    started.set(name, starting);
    return starting;
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
    postgresPort: portOf(portMap, 'postgres', 5432),
    temporalAddress: `127.0.0.1:${portOf(portMap, 'temporal', 7233)}`,
    runJob,
    /** `docker compose run NAME …` */
    runCommand: (name: string, ...words: string[]) => {
      const { command, ...rest } = native(name);
      return processes.runJob({ ...rest, command: [...command, ...words] }, 1);
    },
    /** Ends a service by force and starts it again, as its restart rule does. */
    async kill(name: string) {
      await processes.kill(name);
      await processes.startService(native(name));
    },
    down,
  };
}

/** True for a command, which runs only when it is called. */
function isCommand({ profiles }: Service): boolean {
  return profiles !== undefined;
}

/** True for a job, which ends. Any other service is restarted when it ends. */
export function isJob({ restart }: Service): boolean {
  return restart.startsWith('on-failure');
}

/** Starts a process that cleans up at the end, also when this process is killed. */
function prepareEnd(folder: string): () => Promise<void> {
  const program = join(projectFolder, 'tests', 'contract', 'compose', 'teardown-process.ts');
  const teardown = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    cwd: projectFolder,
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => teardown.once('exit', () => resolve()));
  return () => {
    teardown.stdin.end();
    return ended;
  };
}

/** Finds the programs of the images: Temporal's by their own names, and ours from the image's folder. */
async function findPrograms(folder: string): Promise<{ path: string; cwd: string }> {
  const announce = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  const servers = await findTemporalServer(process.env);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  symlinkSync(await findTemporalExecutable(process.env, announce), join(tools, 'temporal'));
  const cwd = join(folder, 'app');
  await makeImageFolder(cwd, announce);
  return { path: [tools, servers, process.env['PATH']].join(':'), cwd };
}
