import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { serviceWorker } from './build/service-worker.ts';

const insteadOf = (file: string) => join(import.meta.dirname, 'src/instead-of', file);

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};

export default defineConfig({
  define: { 'import.meta.env.VITE_VERSION': JSON.stringify(version) },
  plugins: [react(), compressedAssets(), serviceWorker()],
  resolve: {
    alias: [
      { find: /^zod$/, replacement: insteadOf('zod.ts') },
      // only the calendar of the design system needs them, which no page has
      { find: /^date-fns\/locale\/.*/, replacement: insteadOf('date-fns-locale.ts') },
      { find: 'lodash/get', replacement: insteadOf('lodash-get.ts') },
    ],
  },
  build: {
    // the Content-Security-Policy forbids fonts and images in `data:` URLs
    assetsInlineLimit: 0,
    // which file holds which page; nobody serves a folder whose name begins with a dot
    manifest: true,
    modulePreload: { polyfill: false },
    // the pages that consumers open first have entries of their own, `src/consumer-entry.tsx`
    rolldownOptions: {
      input: ['index.html', 'start.html', 'help.html'].map((name) => join(import.meta.dirname, name)),
    },
    target: 'es2022',
  },
});

/** Writes each script and style sheet compressed as well, as small as it gets: the API only sends the files. */
function compressedAssets(): Plugin {
  const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)];
  return {
    name: 'compressed-assets',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const folder = join(dir, 'assets');
      const names = (await readdir(folder)).filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const file = join(folder, name);
          const text = await readFile(file);
          const params = { [zlib.BROTLI_PARAM_SIZE_HINT]: text.length };
          await writeFile(`${file}.br`, await toBrotli(text, { params }));
          await writeFile(`${file}.gz`, await toGzip(text, { level: 9 }));
        }),
      );
    },
  };
}
