import { join } from 'node:path';
import express, { Router } from 'express';

/**
 * The built portal: its files, and its one page for every address that no file and no door has. File names of
 * `assets/` hold a hash of their content and stay; all others are asked for anew.
 */
export function portalRouter(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  router.use(express.static(folder, { index: false, cacheControl: false, setHeaders: askAnew }));
  router.get('/{*page}', (request, response, next) => {
    if (!request.accepts('html') || isDoor(request.path)) return next();
    askAnew(response);
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => error && next(error));
  });
  return router;
}

function askAnew(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

function isDoor(path: string): boolean {
  return /^\/(v1|health|docs|openapi\.json)(\/|$)/.test(path);
}
