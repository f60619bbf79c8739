import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/**
 * Names each build by a hash of its file names, which have hashes of their contents, in `<meta name="build">` of its documents, and
 * writes `sw.js` beside it, which carries the same name: browsers take a service worker with other bytes for a new one. It
 * is one classic script, because not every browser runs modules as service workers.
 */
export function serviceWorker(): Plugin {
  let id = '';
  return {
    name: 'service-worker',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        id = createHash('sha256')
          .update(Object.keys(bundle).toSorted().join('\n'))
          .digest('hex')
          .slice(0, 16);
        return [{ tag: 'meta', attrs: { name: 'build', content: id }, injectTo: 'head' }];
      },
    },
    async writeBundle({ dir = '' }) {
      await build({
        configFile: false,
        root: join(import.meta.dirname, '..'),
        publicDir: false,
        logLevel: 'warn',
        define: { __BUILD__: JSON.stringify(id) },
        build: {
          outDir: resolve(dir),
          emptyOutDir: false,
          target: 'es2022',
          lib: {
            entry: join(import.meta.dirname, '../service-worker/main.ts'),
            formats: ['iife'],
            name: 'serviceWorker',
            fileName: () => 'sw.js',
          },
        },
      });
    },
  };
}
