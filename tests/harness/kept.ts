import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The servers of one Jest run, and what a test file needs to know to use them. */
export interface Kept {
  postgres: { url: string };
  template: { name: string };
  temporal: { address: string };
  timeSkippingServer: { path: string };
  workflowBundle: { codePath: string };
}

/** The variable by which test files find the keeper's socket. */
export const keeperVariable = 'TEST_KEEPER_SOCKET';

/** Asks the keeper of this run for a server; the first to ask waits until it has started. */
export async function askKeeper<Name extends keyof Kept>(name: Name): Promise<Kept[Name]> {
  const socketPath = process.env[keeperVariable];
  if (socketPath === undefined) throw new Error('No keeper: run the tests with Jest and jest.config.js');
  const { value, error } = await askPatiently(socketPath, name);
  if (value === undefined) throw new Error(`The keeper could not provide ${name}: ${error}`);
  return value as Kept[Name];
}

interface Answer {
  value?: unknown;
  error?: string;
}

/** The keeper starts beside Jest, so the first to ask may come before it listens. */
async function askPatiently(socketPath: string, name: string): Promise<Answer> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await ask(socketPath, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOENT' && code !== 'ECONNREFUSED') || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

function ask(socketPath: string, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: `/${name}`, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.once('end', () => resolve(JSON.parse(text) as Answer));
      response.once('error', reject);
    });
    asked.once('error', reject).end();
  });
}
