import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createLogger, createServer as createVite, type ViteDevServer } from 'vite';
import { projectFolder } from '../services/programs.ts';

/** The portal from its sources, and behind the same address the API. */
export interface DevPortal {
  /** Calls back with the path of each file of some folders that changes, relative to the project. */
  watch: (folders: readonly string[], onChange: (path: string) => void) => void;
  close: () => Promise<void>;
}

/** What the API answers under the portal's address, as in production. */
const apiPaths = ['/v1', '/health', '/docs', '/openapi.json'];

/** What pages are made of. */
const servedFolders = ['portal', 'domain', 'api/schemas', 'node_modules'];

/** Serves the portal by Vite, which puts a changed page into the browser at once. */
export async function startDevPortal({ port, apiUrl }: { port: number; apiUrl: string }): Promise<DevPortal> {
  const server = createServer();
  const vite = await createVite({
    root: join(projectFolder, 'portal'),
    customLogger: quietLogger(),
    clearScreen: false,
    // as middleware Vite takes no signals: it would end this process before everything else has ended
    server: {
      middlewareMode: true,
      hmr: { server },
      // nothing else of the project: its data folder holds passwords
      fs: { allow: servedFolders.map((folder) => realpathSync(join(projectFolder, folder))) },
      proxy: Object.fromEntries(apiPaths.map((path) => [path, { target: apiUrl }])),
    },
  });
  server.on('request', vite.middlewares);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    watch: (folders, onChange) => watch(vite, folders, onChange),
    async close() {
      server.close();
      server.closeAllConnections();
      await vite.close();
    },
  };
}

function watch(vite: ViteDevServer, folders: readonly string[], onChange: (path: string) => void): void {
  const places = folders.map((folder) => join(projectFolder, folder, '/'));
  vite.watcher.add(places);
  for (const event of ['add', 'change', 'unlink'] as const) {
    vite.watcher.on(event, (path) => {
      if (places.some((place) => path.startsWith(place))) onChange(path.slice(projectFolder.length));
    });
  }
}

/** While the API restarts nobody answers behind the proxy, which is nothing to report. */
function quietLogger() {
  const logger = createLogger('warn', { allowClearScreen: false });
  const error = logger.error.bind(logger);
  logger.error = (message, options) => {
    if (!message.includes('proxy error')) error(message, options);
  };
  return logger;
}
