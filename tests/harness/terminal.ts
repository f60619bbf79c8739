import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { identifyProcess, isRunning, type KnownProcess } from '../../standalone/services/processes.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A command line in a pseudo-terminal, as a person sees it. */
export interface Terminal {
  /** Output so far, with the control sequences of the terminal. */
  shown: () => string;
  /** Waits until a text is shown. @throws an error with the output after `timeoutMs` or when the command line ends */
  untilShown: (text: string | RegExp, timeoutMs?: number) => Promise<void>;
  /** Types keys, such as `ctrlC`. */
  press: (keys: string) => void;
  /** Closes the window: every process in it receives SIGHUP. */
  hangUp: () => void;
  /** Exit code of the command line as a shell reports it: 130 where Ctrl-C ended it. */
  ended: Promise<number>;
  /** Every process below this terminal now, also those with their own session. */
  processes: () => KnownProcess[];
  /** Kills the command line and every process that `processes` finds. */
  close: () => Promise<void>;
}

export const ctrlC = '\x03';

/**
 * Opens a terminal that runs one command line in the project's folder. It uses bash, which replaces itself with a single
 * command and waits for a pipeline. Other shells end at Ctrl-C before the processes they started.
 */
export function openTerminal(commandLine: string, env: Record<string, string>): Terminal {
  // variables that Jest and npm set for their children are absent from a person's terminal
  const inherited = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && name !== 'NODE_OPTIONS' && !/^(npm_|JEST_)/.test(name),
  ) as [string, string][];
  const shell = spawn('bash', ['-c', commandLine], {
    name: 'xterm',
    cols: 120,
    rows: 40,
    cwd: projectFolder,
    env: { ...Object.fromEntries(inherited), ...env },
  });
  let output = '';
  shell.onData((part) => (output += part));
  const ended = new Promise<number>((resolve) => {
    shell.onExit(({ exitCode, signal = 0 }) => resolve(signal > 0 ? 128 + signal : exitCode));
  });
  const processes = () =>
    [shell.pid, ...descendantsOf(shell.pid)].flatMap((pid) => identifyProcess(pid) ?? []);

  return {
    shown: () => output,
    untilShown: (text, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`"${String(text)}" was not shown ${why}:\n${output}`));
        const timer = setTimeout(() => fail(`within ${timeoutMs} ms`), timeoutMs);
        const isShown = () => {
          if (!(typeof text === 'string' ? output.includes(text) : text.test(output))) return false;
          clearTimeout(timer);
          resolve();
          return true;
        };
        if (isShown()) return;
        const listener = shell.onData(() => {
          if (isShown()) listener.dispose();
        });
        void ended.then((code) => isShown() || (clearTimeout(timer), fail(`before it ended with ${code}`)));
      }),
    press: (keys) => shell.write(keys),
    hangUp: () => shell.kill('SIGHUP'),
    ended,
    processes,
    async close() {
      for (const { pid } of processes().toReversed().filter(isRunning)) process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}

function descendantsOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    table.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}
