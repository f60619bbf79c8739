import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { identifyProcess, isRunning, type KnownProcess } from '../../standalone/services/processes.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A command line in a pseudo-terminal, as a person has it before them. */
export interface Terminal {
  /** Everything shown so far, with the control sequences of the terminal. */
  shown: () => string;
  /** Waits until a text is shown. @throws an error with what is shown instead after `patienceMs` or at the end */
  untilShown: (text: string | RegExp, patienceMs?: number) => Promise<void>;
  /** Types, such as `ctrlC`. */
  press: (keys: string) => void;
  /** Closes the window: the system tells everybody in it. */
  hangUp: () => void;
  /** The exit code of the command line, as a shell gives it: 130 where Ctrl-C ended it. */
  ended: Promise<number>;
  /** Every process below this terminal at this moment, also those that have a session of their own. */
  processes: () => KnownProcess[];
  /** Ends the command line with no time to finish, and all that `processes` finds. */
  close: () => Promise<void>;
}

export const ctrlC = '\x03';

/**
 * Opens a terminal that runs one command line in the folder of the project. By bash, which puts itself out of the way of a
 * single command and waits for a pipeline; other shells die of Ctrl-C before what they started has ended.
 */
export function openTerminal(commandLine: string, env: Record<string, string>): Terminal {
  // what Jest and npm tell their own children is nothing that a person's terminal has
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
    untilShown: (text, patienceMs = 60_000) =>
      new Promise((resolve, reject) => {
        const give = (why: string) => reject(new Error(`«${String(text)}» was not shown ${why}:\n${output}`));
        const timer = setTimeout(() => give(`within ${patienceMs} ms`), patienceMs);
        const look = () => {
          if (!(typeof text === 'string' ? output.includes(text) : text.test(output))) return false;
          clearTimeout(timer);
          resolve();
          return true;
        };
        if (look()) return;
        const listener = shell.onData(() => {
          if (look()) listener.dispose();
        });
        void ended.then((code) => look() || (clearTimeout(timer), give(`before it ended with ${code}`)));
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
