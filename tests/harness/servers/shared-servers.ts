import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The servers of one Jest run, with the addresses by which a test file uses them. */
export interface SharedServers {
  postgres: { url: string };
  template: { name: string };
  temporal: { address: string };
  timeSkippingServer: { path: string };
  workflowBundle: { codePath: string };
  /** `dist/`, built from the sources as they are. */
  build: { folder: string };
  /** The built portal, the same for all browser tests. */
  portal: { folder: string };
}

/** Environment variable with the path of the server host's socket. */
export const serverHostVariable = 'TEST_SERVER_HOST_SOCKET';

/** Asks the server host of this run for a server. The first call waits until it has started. */
export async function getSharedServer<Name extends keyof SharedServers>(
  name: Name,
): Promise<SharedServers[Name]> {
  const socketPath = process.env[serverHostVariable];
  if (socketPath === undefined) throw new Error('No server host: run the tests with Jest and jest.config.js');
  const { value, error } = await requestWithRetry(socketPath, name);
  if (value === undefined) throw new Error(`The server host could not provide ${name}: ${error}`);
  return value as SharedServers[Name];
}

interface Answer {
  value?: unknown;
  error?: string;
}

/** Retries while the server host, which starts beside Jest, does not listen yet. */
async function requestWithRetry(socketPath: string, name: string): Promise<Answer> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await requestServer(socketPath, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOENT' && code !== 'ECONNREFUSED') || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

function requestServer(socketPath: string, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: `/${name}`, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.once('end', () => resolve(JSON.parse(text) as Answer));
      response.once('error', reject);
    });
    call.once('error', reject).end();
  });
}
