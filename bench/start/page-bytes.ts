import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { projectFolder } from '../../standalone/services/programs.ts';

const router = 'index.html';
/** Pages that somebody opens first, by address, with their document and the module that the router loads for it, if any. */
const firstPages = {
  '/': ['start.html'],
  '/help': ['help.html'],
  '/status': [router, 'src/pages/consumer/status/status-page.tsx'],
  '/register': [router, 'src/pages/agent/register/register-page.tsx'],
  '/offer': [router, 'src/pages/agent/offer/offer-page.tsx'],
  '/inbox': [router, 'src/pages/agent/inbox/inbox-page.tsx'],
  '/ops': [router, 'src/pages/ops/ops-page.tsx'],
} as const;

/** A module in Vite's manifest: its file, the modules that it imports at once, and its styles. */
interface Module {
  file: string;
  imports?: readonly string[];
  css?: readonly string[];
}
type Manifest = Readonly<Record<string, Module>>;

/**
 * Adds up what the server sends for the first load of each page, compressed as it sends it: the document, its scripts and
 * its styles. Fonts and icons, which come later and stay in the cache, are left out, and so are answers of the API.
 * @returns bytes by address
 */
export async function readPageBytes(apiUrl: string): Promise<Record<string, number>> {
  const path = join(projectFolder, 'dist', 'portal', '.vite', 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const bytes: Record<string, number> = {};
  for (const [page, modules] of Object.entries(firstPages)) {
    const files = new Set(modules.flatMap((module) => filesOf(manifest, module)));
    bytes[page] = await bytesOf(new URL(page, apiUrl));
    for (const file of files) bytes[page] += await bytesOf(new URL(`/${file}`, apiUrl));
  }
  return bytes;
}

/** Lists the files of a module and of all that it imports at once. */
function filesOf(manifest: Manifest, name: string, seen = new Set<string>()): string[] {
  const module = manifest[name];
  if (!module) throw new Error(`The build of the portal has no ${name}`);
  if (seen.has(name)) return [];
  seen.add(name);
  const imported = (module.imports ?? []).flatMap((other) => filesOf(manifest, other, seen));
  return [module.file, ...(module.css ?? []), ...imported];
}

/** Returns the bytes of an answer's body as a browser receives it. @throws for any status but 200 */
function bytesOf(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html,*/*', 'accept-encoding': 'gzip' };
    get(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(bytes)
          : reject(new Error(`${url.pathname} was answered ${response.statusCode}`)),
      );
    }).on('error', reject);
  });
}
