import { join } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { classifyPath, isApiPath } from './page-paths.ts';

/**
 * Serves the built portal: its files, and `index.html` for every path of a page. File names in `assets/` contain a hash
 * of the content and are cached for a year; all other files are revalidated. A missing file is answered 404 and never
 * with `index.html`: a browser would run the HTML as a script, and a password manager would take a 200 at a well-known
 * path as support for that feature.
 */
export function portalRouter(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  // `index.html` is served for page paths only, not under its own name
  const files = express.static(folder, {
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: setNoCache,
  });
  router.use((request, response, next) =>
    request.path === '/index.html' ? next() : files(request, response, next),
  );
  router.use(serveIndexPage(folder));
  return router;
}

/** Serves `index.html` without route parameters: decoding them would fail for a link that was cut inside a `%23`. */
function serveIndexPage(folder: string): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    if (!['GET', 'HEAD'].includes(method) || !request.accepts('html') || isApiPath(path)) return next();
    const kind = classifyPath(path);
    if (kind === 'file' && path !== '/index.html') return next();
    // caches must not store a response under a path that contains a secret
    if (kind === 'link') response.setHeader('Cache-Control', 'no-store');
    else setNoCache(response);
    response.status(kind === 'page' || kind === 'link' ? 200 : 404);
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => error && next(error));
  };
}

function setNoCache(response: Pick<Response, 'setHeader'>): void {
  response.setHeader('Cache-Control', 'no-cache');
}
