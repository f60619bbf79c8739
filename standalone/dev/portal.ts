import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createLogger, createServer as createVite, type ViteDevServer } from 'vite';
import { projectFolder } from '../services/programs.ts';

/** The portal, served from its sources, with the API at the same address. */
export interface DevPortal {
  /** Calls `onChange` for each changed file in these folders, with its path relative to the project. */
  watch: (folders: readonly string[], onChange: (path: string) => void) => void;
  close: () => Promise<void>;
}

/** Paths that are passed on to the API, which has the same address as the portal in production too. */
const apiPaths = ['/v1', '/health', '/docs', '/openapi.json'];

/** Folders with the sources of the pages. */
const servedFolders = ['portal', 'domain', 'api/schemas', 'node_modules'];

/** Serves the portal with Vite, which updates changed pages in the browser. */
export async function startDevPortal({ port, apiUrl }: { port: number; apiUrl: string }): Promise<DevPortal> {
  const server = createServer();
  const vite = await createVite({
    root: join(projectFolder, 'portal'),
    customLogger: quietLogger(),
    clearScreen: false,
    // a middleware, because Vite's own server ends the process on a signal, before everything else has stopped
    server: {
      middlewareMode: true,
      hmr: { server },
      // not the whole project, because its data folder contains passwords
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
  const roots = folders.map((folder) => join(projectFolder, folder, '/'));
  vite.watcher.add(roots);
  for (const event of ['add', 'change', 'unlink'] as const) {
    vite.watcher.on(event, (path) => {
      if (roots.some((root) => path.startsWith(root))) onChange(path.slice(projectFolder.length));
    });
  }
}

/** Logs warnings and errors, except those of the proxy: requests fail while the API restarts. */
function quietLogger() {
  const logger = createLogger('warn', { allowClearScreen: false });
  const error = logger.error.bind(logger);
  logger.error = (message, options) => {
    if (!message.includes('proxy error')) error(message, options);
  };
  return logger;
}
