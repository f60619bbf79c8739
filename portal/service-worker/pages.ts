import { cachesOfPages } from '../src/app/caches.ts';
import type { FetchEvent, WorkerScope } from './scope.ts';

/** Name of the page without a connection. */
const offlinePage = '/offline.html';
/** The page without a connection, and what it needs. */
const offlineFiles = [offlinePage, '/offline.css', '/offline.js', '/icon.svg'];

/**
 * Creates the part of the worker that stands between pages and network. Pages always come from the network, so that no page
 * of an earlier build begins; without a connection one says what still holds. Files with a hash of their content in their
 * name are kept on this device, those of this build only. The API is left alone: nothing that it says is kept.
 * @param build the name of this build
 */
export function createPages(scope: WorkerScope, build: string) {
  const { offline, assets } = cachesOfPages(build);
  return {
    async install(): Promise<void> {
      const cache = await scope.caches.open(offline);
      // past the browser's own cache, which may have those of the build before
      await cache.addAll(offlineFiles.map((path) => new Request(path, { cache: 'reload' })));
    },

    /** Deletes what other builds have kept. */
    async activate(): Promise<void> {
      const names = await scope.caches.keys();
      const others = names.filter((name) => name.startsWith('pages-') && ![offline, assets].includes(name));
      await Promise.all(others.map((name) => scope.caches.delete(name)));
    },

    /** Answers what this part is for; everything else goes to the network as if there were no worker. */
    fetch(event: FetchEvent): void {
      const { request } = event;
      const { origin, pathname } = new URL(request.url);
      if (request.method !== 'GET' || origin !== scope.location.origin) return;
      if (request.mode === 'navigate') event.respondWith(page(request));
      else if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
      else if (offlineFiles.includes(pathname)) event.respondWith(offlineFile(request));
    },
  };

  async function page(request: Request): Promise<Response> {
    try {
      return await scope.fetch(request);
    } catch (error) {
      const kept = await scope.caches.match(offlinePage);
      if (!kept) throw error;
      return kept;
    }
  }

  async function asset(request: Request): Promise<Response> {
    const cache = await scope.caches.open(assets);
    const kept = await cache.match(request);
    if (kept) return kept;
    const response = await scope.fetch(request);
    // a full disk is no reason to keep the file from the page
    if (response.ok) await cache.put(request, response.clone()).catch(() => undefined);
    return response;
  }

  async function offlineFile(request: Request): Promise<Response> {
    try {
      return await scope.fetch(request);
    } catch (error) {
      const kept = await scope.caches.match(request);
      if (!kept) throw error;
      return kept;
    }
  }
}
