import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { assertPortsAreFree, freePort } from '../../standalone/services/ports.ts';

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

test('free ports are fine', async () => {
  await expect(assertPortsAreFree({ PORT: await freePort() })).resolves.toBeUndefined();
});
