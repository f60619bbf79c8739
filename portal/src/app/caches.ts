/** Names of the caches of one build: the page without a connection, and the files of pages. */
export function cachesOfPages(build: string): { offline: string; assets: string } {
  return { offline: `pages-offline-${build}`, assets: `pages-assets-${build}` };
}
