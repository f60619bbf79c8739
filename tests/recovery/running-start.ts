import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import { logIn } from '../../standalone/demo/onboard-agent.ts';
import { chooseFreePorts } from '../../standalone/part-settings.ts';
import type { RunFile } from '../../standalone/run-file.ts';
import { projectFolder } from '../../standalone/services/programs.ts';
import { endEverything } from '../../standalone/take-over.ts';

/** Runs `npm start` as a person does, on a folder and ports of its own. */
export async function runStart(settings: Record<string, string>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
  const ports = await chooseFreePorts({});
  const env = { ...process.env, ...settings, ...ports, DATA_DIR: dataDir, NODE_OPTIONS: '' };
  const apiUrl = `http://127.0.0.1:${ports.PORT}`;
  const user = createHttpUser({
    apiUrl,
    mailboxUrl: `http://127.0.0.1:${ports.OUTBOX_PORT}`,
    // everything starts at once here, beside other tests
    timeoutMs: 180_000,
  });

  let said = '';
  let start = launch();
  function launch() {
    said = '';
    const child = spawn(process.execPath, ['--import', 'tsx', 'standalone/start.ts'], {
      cwd: projectFolder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    return child;
  }
  const run = () => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
  const pids = () => Object.values(run().parts).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));

  return {
    apiUrl,
    user,
    run,
    async untilUp() {
      await user.until('npm start to be up', async () => {
        if (start.exitCode !== null) throw new Error(`npm start ended:\n${said}`);
        return said.includes('Up after') ? true : undefined;
      });
    },
    /** Logs in the sample agents. A session outlives every process. */
    agents: () =>
      Promise.all(
        run()
          .logins.filter(({ role }) => role === 'agent')
          .map(async (login) => ({ username: login.username, cookie: await logIn(user, login) })),
      ),
    /** Sends a signal to the process of one part. */
    signalPart(name: keyof RunFile['parts'], signal: NodeJS.Signals) {
      const pid = run().parts[name]?.pid;
      if (pid === undefined) throw new Error(`There is no process of the ${name}`);
      process.kill(pid, signal);
    },
    /** Kills everything at once, as a power failure does. */
    killEverything() {
      const all = pids();
      start.kill('SIGKILL');
      for (const pid of all) process.kill(pid, 'SIGKILL');
    },
    startAgain() {
      start = launch();
    },
    async end() {
      if (start.exitCode === null && start.signalCode === null) {
        const ended = new Promise((resolve) => start.once('exit', resolve));
        start.kill('SIGTERM');
        await ended;
      }
      await endEverything(dataDir, () => undefined);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
