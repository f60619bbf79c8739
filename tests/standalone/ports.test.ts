import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { assertPortsAreFree, freePort } from '../../standalone/services/ports.ts';
import { projectFolder } from '../../standalone/services/programs.ts';

let server: Server;
let taken = 0;

beforeEach(async () => {
  taken = await freePort();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

test('a port in use gets a message with its variable, what holds it, and what to do', async () => {
  const message = new RegExp(
    `Port ${taken} \\(PORT\\) is in use by .*\\(pid ${process.pid}\\).*PORT=\\d+ npm start`,
  );
  await expect(assertPortsAreFree({ PORT: taken, OUTBOX_PORT: await freePort() })).rejects.toThrow(message);
});

test('every port in use is named at once', async () => {
  await expect(assertPortsAreFree({ PORT: taken, POSTGRES_PORT: taken })).rejects.toThrow(
    /\(PORT\) is in use(.*\n)+.*\(POSTGRES_PORT\) is in use/,
  );
});

test('two variables cannot have the same port', async () => {
  const port = await freePort();
  await expect(assertPortsAreFree({ PORT: port, OUTBOX_PORT: port })).rejects.toThrow(/OUTBOX_PORT/);
});

test('a free port is handed out once, and lies outside the range of outgoing connections', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('no other process gets the same free port, though nothing listens on it yet', async () => {
  // of 1,200 ports of 10,000, chosen by three that do not know of one another, some 48 would be the same
  const program = `
    import { freePort } from './standalone/services/ports.ts';
    const ports = [];
    for (let count = 0; count < 400; count++) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    process.stdin.resume();`;
  const choosers = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: projectFolder,
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  try {
    const chosen = await Promise.all(
      choosers.map(async ({ stdout }) => {
        let text = '';
        for await (const chunk of stdout.setEncoding('utf8')) if ((text += chunk).endsWith('\n')) break;
        return JSON.parse(text) as number[];
      }),
    );
    expect(new Set(chosen.flat()).size).toBe(1_200);
  } finally {
    await Promise.all(choosers.map((chooser) => (chooser.stdin.end(), once(chooser, 'exit'))));
  }
});

test('free ports are fine', async () => {
  await expect(assertPortsAreFree({ PORT: await freePort() })).resolves.toBeUndefined();
});
