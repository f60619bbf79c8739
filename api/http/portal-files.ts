import { join } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { classifyPath, isApiPath } from './page-paths.ts';

/**
 * The built portal: its files, and its one page for every address of a page. File names of `assets/` hold a hash of
 * their content and stay; all others are asked for anew. A file that is not there is 404 and never the page: a browser
 * would read HTML as a script, and a password manager takes 200 at a well-known address for a promise.
 */
export function portalRouter(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
  );
  // the page has addresses of its own, and its file is none of them
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

/** No parameter of a route: its decoding would refuse an address that a filter has cut in the middle of a `%23`. */
function serveIndexPage(folder: string): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    if (!['GET', 'HEAD'].includes(method) || !request.accepts('html') || isApiPath(path)) return next();
    const asked = classifyPath(path);
    if (asked === 'file' && path !== '/index.html') return next();
    // what lies between must not keep an answer under an address that holds a secret
    if (asked === 'link') response.setHeader('Cache-Control', 'no-store');
    else setNoCache(response);
    response.status(asked === 'page' || asked === 'link' ? 200 : 404);
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => error && next(error));
  };
}

function setNoCache(response: Pick<Response, 'setHeader'>): void {
  response.setHeader('Cache-Control', 'no-cache');
}
